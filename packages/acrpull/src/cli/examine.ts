import type { Azure } from '../azure/azure.ts';
import { type Diagnosis, diagnose } from '../checks/diagnose.ts';
import { type AppQuery, findApp } from '../pull-path/find-app.ts';
import { gather } from '../pull-path/gather.ts';
import { requireContainerApp } from '../pull-path/require-container-app.ts';
import { siteIn } from '../pull-path/slots.ts';
import { type Report, reportOf } from '../report/report.ts';

/** Reads an app once, judges it and puts the result together. Throws when it runs no container. */
export async function examine(
  azure: Azure,
  query: AppQuery,
): Promise<{ diagnoses: Diagnosis[]; report: Report }> {
  const snapshot = await gather(azure, await findApp(azure.resourceManager, query));
  requireContainerApp(snapshot);
  const diagnoses = diagnose(snapshot);
  return { diagnoses, report: reportOf(snapshot, diagnoses) };
}

/** Of an app's sites, the one in the slot that the user named. */
export function diagnosisIn(slot: string, diagnoses: Diagnosis[]): Diagnosis {
  const site = siteIn(slot, diagnoses[0]!.view.snapshot);
  return diagnoses.find(({ view }) => view.site.id === site.id)!;
}
