import type { Azure } from '../azure/azure.ts';
import type { Diagnosis } from '../checks/diagnose.ts';
import { systemClock as clock } from '../clock.ts';
import { Failure } from '../failure.ts';
import { siteName } from '../pull-path/site-view.ts';
import { showProgress } from '../report/progress.ts';
import { duration } from '../report/style.ts';
import type { StartsBy } from './begin-start.ts';
import { diagnoseAgain } from './diagnose-again.ts';
import { describe, type Outcome } from './outcome.ts';
import { isProven } from './proof.ts';
import { type Verified, verifySite } from './verify-site.ts';
import { verifyVia } from './verify-via.ts';

export interface VerifyAllOptions {
  timeoutMs: number;
  startsBy: StartsBy;
  digest: string | undefined;
  /** A slot that has to prove it before the sites that are meant, which is then production, are touched. */
  via: Diagnosis | undefined;
  silent: boolean;
}

/**
 * Verifies sites and shows for each what it waits for, and since when. A site that Azure does not let be tried does not
 * keep the others from it. Ctrl-C stops all of them, once each has finished what it has begun, and the message says
 * what has been done to each.
 */
export async function verifyAll(
  azure: Azure,
  diagnoses: Diagnosis[],
  options: VerifyAllOptions,
): Promise<Verified[]> {
  const { timeoutMs, startsBy, digest, via } = options;
  const names = (via ? [via, ...diagnoses] : diagnoses).map(({ view }) => siteName(view));
  const changes = new Map<string, { state: string; on: number }>();
  const progress = showProgress(names, options.silent);
  const stop = new AbortController();
  const { signal } = stop;
  const interrupt = () => stop.abort(interruption);
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt);

  const finish = (verified: Verified): Verified => {
    progress.finish(siteName(verified.diagnosis.view), isProven(verified), describe(verified.outcome));
    return verified;
  };
  const verify = async (diagnosis: Diagnosis): Promise<Verified> => {
    const name = siteName(diagnosis.view);
    const verified = verifySite(azure, diagnosis, {
      timeoutMs,
      startsBy,
      digest,
      signal,
      onWait: (waitsFor) => progress.wait(name, waitsFor),
      onChange: (state) => changes.set(name, { state, on: clock.now() }),
    });
    return finish(await verified.catch((error) => untried(diagnosis, refusal(error))));
  };
  const verifyInTurn = (slot: Diagnosis, production: Diagnosis) => {
    const name = siteName(production.view);
    progress.wait(name, `${siteName(slot.view)} to prove it`);
    return verifyVia(slot, production, {
      verify,
      now: azure.now,
      readAgain: () => diagnoseAgain(azure, production),
      leaveAlone: (diagnosis, reason) => finish(untried(diagnosis, { kind: 'left-alone', reason })),
      wait: (ms) => {
        progress.wait(name, 'its grant to be as old as the one that was honoured');
        return clock.sleep(ms, signal);
      },
    });
  };

  const running = via
    ? diagnoses.map((production) => verifyInTurn(via, production))
    : diagnoses.map(async (diagnosis) => [await verify(diagnosis)]);
  try {
    // What nobody foresaw ends the others too, but not before each has finished what it has begun.
    for (const one of running) one.catch((error) => stop.abort(error));
    const settled = await Promise.allSettled(running);
    if (signal.reason === interruption) throw interrupted(names, changes, clock.now());
    signal.throwIfAborted();
    return settled.flatMap((result) => (result.status === 'fulfilled' ? result.value : []));
  } finally {
    progress.stop({ erase: true });
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  }
}

const interruption = new Error('interrupted');

const untried = (diagnosis: Diagnosis, outcome: Outcome): Verified => ({
  outcome,
  diagnosis,
  attempts: 0,
  elapsedMs: 0,
  instances: null,
  open: [],
});

function refusal(error: unknown): Outcome {
  if (!(error instanceof Failure)) throw error;
  const { message, resource = null, next = null } = error;
  return { kind: 'could-not-run', message, resource, next };
}

function interrupted(
  names: string[],
  changes: ReadonlyMap<string, { state: string; on: number }>,
  now: number,
): Failure {
  const states = names.map((name) => {
    const change = changes.get(name);
    return change ? `${duration(now - change.on)} ago ${name} ${change.state}` : `${name} was left alone`;
  });
  return new Failure(`Interrupted, and nothing is proven.\n  ${states.join('\n  ')}`, {
    next: `acrpull doctor ${names[0]!.split('/')[0]}`,
  });
}
