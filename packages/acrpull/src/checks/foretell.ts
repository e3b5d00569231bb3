import type { SiteFacts, Snapshot } from '../pull-path/snapshot.ts';
import { afterSwap, type Swap, warmedUp } from '../pull-path/swap.ts';
import type { SwappedSite } from './cause.ts';
import { type Diagnosis, diagnoseSite } from './diagnose.ts';
import { foretoldCauses } from './index.ts';

/** What a swap does to the pulls of its two sites. */
export interface Foretold {
  /** The target first: it is the one that matters. */
  sites: ForetoldSite[];
  /** With the sites as the swap leaves them. */
  snapshot: Snapshot;
}

export interface ForetoldSite {
  before: Diagnosis;
  /** With what the causes that lie in the swap say of it. */
  after: Diagnosis;
}

/** Judges the two sites of a swap as it leaves them. Pure. */
export function foretellSwap(snapshot: Snapshot, swap: Swap): Foretold {
  const after = afterSwap(snapshot, swap);
  const foretell = (site: SiteFacts, other: SiteFacts): ForetoldSite => {
    const then = after.sites.find(({ id }) => id === site.id)!;
    const swapped: SwappedSite = {
      before: diagnoseSite(snapshot, site),
      after: diagnoseSite(after, then),
      other: diagnoseSite(snapshot, other),
      warmUp: site === swap.source ? diagnoseSite(snapshot, warmedUp(snapshot, swap)) : undefined,
    };
    const foretold = foretoldCauses
      .map((cause) => ({ check: cause, view: swapped.after.view, verdict: cause.foretell(swapped) }))
      // What does not apply leaves it to the checks to say why.
      .filter(({ verdict }) => verdict.status !== 'skip');
    return { before: swapped.before, after: diagnoseSite(after, then, foretold) };
  };
  return {
    sites: [foretell(swap.target, swap.source), foretell(swap.source, swap.target)],
    snapshot: after,
  };
}
