import type { Azure } from '../azure/azure.ts';
import { type Diagnosis, diagnose } from '../checks/diagnose.ts';
import { type AppQuery, findApp } from '../pull-path/find-app.ts';
import { gather } from '../pull-path/gather.ts';
import type { Snapshot } from '../pull-path/snapshot.ts';
import { type Report, reportOf } from './report.ts';

/** Reads an app once, judges it and puts the result together. */
export async function examine(
  azure: Azure,
  query: AppQuery,
): Promise<{ snapshot: Snapshot; diagnoses: Diagnosis[]; report: Report }> {
  const snapshot = await gather(azure, await findApp(azure.resourceManager, query));
  const diagnoses = diagnose(snapshot);
  return { snapshot, diagnoses, report: reportOf(snapshot, diagnoses) };
}
