import type { Azure } from '../azure/azure.ts';
import { type Diagnosis, diagnose } from '../checks/diagnose.ts';
import { Failure } from '../failure.ts';
import { gather } from '../pull-path/gather.ts';
import { siteName } from '../pull-path/site-view.ts';

/** Reads the app anew and judges the same site by what is there now. */
export async function diagnoseAgain(azure: Azure, { view }: Diagnosis): Promise<Diagnosis> {
  const diagnoses = diagnose(await gather(azure, view.snapshot.app.id));
  const same = diagnoses.find(({ view: { site } }) => site.id.toLowerCase() === view.site.id.toLowerCase());
  if (same) return same;
  throw new Failure(`${siteName(view)} is gone.`, { resource: view.site.id });
}
