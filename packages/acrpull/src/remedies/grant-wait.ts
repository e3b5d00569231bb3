import type { Diagnosis } from '../checks/diagnose.ts';
import { storedCredentials } from '../checks/flag/flag-facts.ts';
import { pullGrants } from '../pull-path/permissions.ts';
import type { SiteView } from '../pull-path/site-view.ts';
import { type Aim, principalOf } from './aim.ts';

/** How old a grant has to be before a site comes to depend on it: Azure takes a while to honour one (cause C1). */
export interface GrantWait {
  ms: number;
  /** ISO 8601: when the grant was made that is there already. */
  grantedOn: string | undefined;
}

/** What to wait for at a site that can pull as it is. A broken one has nothing to lose, and need not wait. Pure. */
export function grantWait(
  { view, firstBroken }: Diagnosis,
  aim: Aim | undefined,
  ms: number,
): GrantWait | undefined {
  const pullsToday = firstBroken === undefined || pullsWithCredentials(view);
  return pullsToday ? { ms, grantedOn: aim && grantedOn(view, principalOf(aim, view)) } : undefined;
}

function pullsWithCredentials(view: SiteView): boolean {
  const { config } = view.site;
  const isOff = config.known && !config.value.acrUseManagedIdentityCreds;
  return isOff && storedCredentials(view).kind === 'usable';
}

function grantedOn(view: SiteView, principalId: string | undefined): string | undefined {
  const held = principalId === undefined ? undefined : view.snapshot.grants[principalId];
  if (!held?.known || !view.registry?.known || !view.azureImage) return undefined;
  const grants = pullGrants(held.value, view.registry.value, view.azureImage.repository);
  const dates = grants.flatMap(({ createdOn }) => createdOn ?? []);
  // One that is old enough will do.
  return dates.sort()[0];
}

/** How long is left to wait. `madeOn`: when the run itself has made the grant. */
export function leftToWait({ ms, grantedOn }: GrantWait, madeOn: number | undefined, now: number): number {
  const since = madeOn ?? (grantedOn === undefined ? undefined : Date.parse(grantedOn));
  return since === undefined ? 0 : Math.max(0, since + ms - now);
}
