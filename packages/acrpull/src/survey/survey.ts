import type { Azure } from '../azure/azure.ts';
import { ResourceManagerError } from '../azure/resource-manager.ts';
import { type Diagnosis, diagnose } from '../checks/diagnose.ts';
import { gather } from '../pull-path/gather.ts';
import { createReadings, type ManyReadings } from '../pull-path/readings.ts';
import type { Snapshot } from '../pull-path/snapshot.ts';
import { type Report, reportOf } from '../report/report.ts';
import type { Checkpoint } from './checkpoint.ts';
import { type Candidate, type FailedRead, type FoundApps, isRefusal } from './find-apps.ts';
import { hasNoContainer } from './runs-container.ts';
import { sideBySide } from './side-by-side.ts';

/** What is said of many apps, in the order of their ids. */
export interface Survey {
  reports: Report[];
  /** Such as an app that was deleted meanwhile, or of which Azure says 503. */
  unreadable: FailedRead[];
  /** How many apps run no container. */
  withoutContainer: number;
}

/** How many apps are read at once: enough to keep Resource Manager's limit busy when each call takes a second. */
const atOnce = 32;

/**
 * Reads and judges many apps. Those of which lists and configurations say that all links hold are asked no more; any
 * other is read whole. `done` is called for each as soon as it is, with its report where there is one.
 */
export async function survey(
  azure: Azure,
  { candidates, unreadable, withoutContainer }: FoundApps,
  checkpoint: Checkpoint,
  done: (report?: Report) => void,
): Promise<Survey> {
  const readings = createReadings(azure);
  const survey: Survey = { reports: [], unreadable: [...unreadable], withoutContainer };
  await sideBySide(candidates, atOnce, async (candidate) => {
    try {
      const snapshot = await recall(azure, readings, candidate, checkpoint);
      if (candidate.listed && hasNoContainer(snapshot, candidate.listed.site)) {
        survey.withoutContainer += 1;
        return done();
      }
      const report = reportOf(snapshot, diagnose(snapshot));
      survey.reports.push(report);
      done(report);
    } catch (error) {
      if (!isAboutOneApp(error)) throw error;
      survey.unreadable.push({ id: candidate.id, failure: error });
      done();
    }
  });
  survey.reports.sort((a, b) => a.app.id.localeCompare(b.app.id));
  return survey;
}

/** Whether a second survey would find no more. */
export const isComplete = ({ unreadable }: Survey): boolean =>
  unreadable.every(({ failure }) => !isOutage(failure));

export const isFine = ({ reports, unreadable }: Survey): boolean =>
  unreadable.length === 0 && reports.every(({ ok }) => ok);

async function recall(
  azure: Azure,
  readings: ManyReadings,
  candidate: Candidate,
  checkpoint: Checkpoint,
): Promise<Snapshot> {
  const kept = checkpoint.kept.get(candidate.id.toLowerCase());
  if (kept) return kept;
  const snapshot = await read(azure, readings, candidate);
  checkpoint.keep(snapshot);
  return snapshot;
}

async function read(azure: Azure, readings: ManyReadings, { id, listed }: Candidate): Promise<Snapshot> {
  if (!listed) return gather(azure, id, { readings });
  const first = await gather(azure, id, { readings: readings.fromLists, listed, depth: 'config' });
  return hasNoContainer(first, listed.site) || diagnose(first).every(isSettled)
    ? first
    : gather(azure, id, { readings, listed });
}

/** Whether more facts would change nothing: nothing is broken, and nothing waits for what was left out. */
const isSettled = ({ findings }: Diagnosis) =>
  !findings.some(
    ({ verdict }) =>
      verdict.status === 'fail' || (verdict.status === 'unknown' && verdict.because.kind === 'not-read'),
  );

const isAboutOneApp = (error: unknown): error is ResourceManagerError =>
  isRefusal(error) || (error instanceof ResourceManagerError && isOutage(error));

const isOutage = ({ status }: ResourceManagerError) => status >= 500;
