import type { Azure } from '../azure/azure.ts';
import type { Diagnosis } from '../checks/diagnose.ts';
import { Failure } from '../failure.ts';
import { siteName } from '../pull-path/site-view.ts';
import { showProgress } from '../report/progress.ts';
import { describe } from './outcome.ts';
import { isProven } from './proof.ts';
import { type Verified, verifySite } from './verify-site.ts';

export interface SiteVerified {
  diagnosis: Diagnosis;
  verified: Verified;
}

/** Verifies sites side by side and shows for each what it waits for, and since when. Ctrl-C stops all of them. */
export async function verifyAll(
  azure: Azure,
  diagnoses: Diagnosis[],
  options: { timeoutMs: number; silent: boolean },
): Promise<SiteVerified[]> {
  const stop = new AbortController();
  const onInterrupt = () =>
    stop.abort(
      new Failure('Interrupted. A restart that was asked for goes on by itself; nothing else was changed.', {
        next: 'acrpull verify again, or acrpull doctor',
      }),
    );
  process.once('SIGINT', onInterrupt);
  const progress = showProgress(
    diagnoses.map(({ view }) => siteName(view)),
    options.silent,
  );
  try {
    return await Promise.all(
      diagnoses.map(async (diagnosis) => {
        const name = siteName(diagnosis.view);
        const verified = await verifySite(azure, diagnosis, {
          timeoutMs: options.timeoutMs,
          signal: stop.signal,
          onWait: (waitsFor) => progress.wait(name, waitsFor),
        });
        const result = { diagnosis, verified };
        progress.finish(name, isProven(result), describe(verified.outcome));
        return result;
      }),
    );
  } catch (error) {
    stop.abort(error);
    throw stop.signal.reason;
  } finally {
    progress.stop({ erase: true });
    process.off('SIGINT', onInterrupt);
  }
}
