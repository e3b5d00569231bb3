import { Failure } from '../failure.ts';
import type { SiteFacts, Snapshot } from './snapshot.ts';

/** How Azure's commands call the app itself, beside its slots. */
export const production = 'production';

/** The slot that a site is in. */
export const slotOf = ({ slot = production }: { slot?: string | undefined }): string => slot;

/** The site in the slot that the user named. */
export function siteIn(slot: string, { app, sites }: Pick<Snapshot, 'app' | 'sites'>): SiteFacts {
  const found = sites.find((site) => slotOf(site).toLowerCase() === slot.toLowerCase());
  if (found) return found;
  const slots = sites.map(slotOf).join(', ');
  throw new Failure(`${app.name} has no slot "${slot}"; it has: ${slots}`, {
    resource: app.id,
    next: `acrpull doctor ${app.name}`,
  });
}
