import type { Diagnosis } from '../checks/diagnose.ts';
import { Failure } from '../failure.ts';
import type { SiteView } from '../pull-path/site-view.ts';

/** How commands call the app itself, beside its slots. */
export const production = 'production';

const slotName = ({ site }: SiteView) => (site.slot ?? production).toLowerCase();

/** The site that `--slot` names. */
export function slotNamed(diagnoses: Diagnosis[], name: string, app: string): Diagnosis {
  const found = diagnoses.find(({ view }) => slotName(view) === name.toLowerCase());
  if (found) return found;
  const slots = diagnoses.map(({ view }) => slotName(view)).join(', ');
  throw new Failure(`${app} has no slot "${name}"; it has: ${slots}`, { next: `acrpull doctor ${app}` });
}
