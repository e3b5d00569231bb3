import type { Azure } from '../azure/azure.ts';
import type { Diagnosis } from '../checks/diagnose.ts';
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
    const after = await readAgain();
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
    return end(journal, await readAgain(), verified);
  } finally {
    journal.close();
  }
}

function end<R>(journal: Journal, after: R, verified: Verified[]): CarriedOut<R> {
  if (verified.every(isProven)) journal.complete();
  return { run: journal.run.id, after, verified };
}
