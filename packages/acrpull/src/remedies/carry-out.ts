import type { Azure } from '../azure/azure.ts';
import type { Diagnosis } from '../checks/diagnose.ts';
import { Failure } from '../failure.ts';
import { isProven } from '../verify/proof.ts';
import { verifyAll } from '../verify/verify-all.ts';
import type { Verified } from '../verify/verify-site.ts';
import { applyPlans } from './apply.ts';
import { type Journal, openJournal, type Target } from './journal.ts';
import type { SitePlan } from './plan.ts';

export interface CarryOutOptions<R> {
  target: Target;
  silent: boolean;
  /** How long the proof may take for each site. */
  proofMs: number;
  /** Reads and judges the sites anew. */
  readAgain(): Promise<R>;
}

export interface CarriedOut<R> {
  /** The id of the run, for `undo`. */
  run: string;
  /** As it was read back at the end. */
  after: R;
  /** The sites whose pull was to be proven before something is taken away. */
  verified: Verified[];
}

/**
 * Applies the plans of one app under one journal. What is taken away at the end goes only from sites that were just
 * seen to pull with their identity, on every instance; any other keeps it, since it may be what keeps the site running.
 */
export async function carryOut<R extends { diagnoses: Diagnosis[] }>(
  azure: Azure,
  plans: SitePlan[],
  { target, silent, proofMs, readAgain }: CarryOutOptions<R>,
): Promise<CarriedOut<R>> {
  const { id, name } = plans[0]!.view.snapshot.app;
  const journal = openJournal({ command: 'fix', undoes: null, target, app: { id, name } });
  try {
    await applyPlans(azure, plans, { journal, silent });
    const after = await readBack(readAgain, journal);
    const planFor = ({ view }: Diagnosis) => plans.find((plan) => plan.view.site.id === view.site.id);
    const toProve = after.diagnoses.filter((diagnosis) => planFor(diagnosis)?.removal);
    if (toProve.length === 0) return end(journal, after, []);

    const verified = await verifyAll(azure, toProve, {
      timeoutMs: proofMs,
      startsBy: 'restart',
      digest: undefined,
      via: undefined,
      silent,
    });
    const removals = verified.filter(isProven).flatMap(({ diagnosis }) => {
      const { name: site, removal } = planFor(diagnosis) ?? {};
      return site && removal ? [{ name: site, steps: [removal] }] : [];
    });
    await applyPlans(azure, removals, { journal, silent });
    return end(journal, await readBack(readAgain, journal), verified);
  } finally {
    journal.close();
  }
}

/** Reads the sites anew. Where Ctrl-C or Azure ends that, it is said that the writes are done. */
async function readBack<R>(readAgain: () => Promise<R>, { run, file }: Journal): Promise<R> {
  let interrupt = () => {};
  const interrupted = new Promise<never>((_, reject) => {
    interrupt = () => reject(new Failure('interrupted'));
  });
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
  try {
    return await Promise.race([readAgain(), interrupted]);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const { message, resource } = error;
    throw new Failure(
      `Every write is done, and how the links are now could not be read: ${message}\n  journal:   ${file}`,
      { ...(resource && { resource }), next: `acrpull doctor ${run.app.name}; or acrpull undo ${run.id}` },
    );
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  }
}

function end<R>(journal: Journal, after: R, verified: Verified[]): CarriedOut<R> {
  if (verified.every(isProven)) journal.complete();
  return { run: journal.run.id, after, verified };
}
