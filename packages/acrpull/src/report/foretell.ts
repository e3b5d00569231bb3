import { foretellSwap } from '../checks/foretell.ts';
import { Failure } from '../failure.ts';
import { production, siteIn } from '../pull-path/slots.ts';
import type { Snapshot } from '../pull-path/snapshot.ts';
import { type Report, reportOf } from './report.ts';
import { swapReport } from './swap.ts';

/** The two sites of a swap, by the names of their slots, as it would leave them. */
export function foretoldReport(snapshot: Snapshot, source: string, target = production): Report {
  const swap = { source: siteIn(source, snapshot), target: siteIn(target, snapshot) };
  if (swap.source.id === swap.target.id) {
    throw new Failure(`A swap needs two slots; "${source}" is one.`, { resource: swap.source.id });
  }
  const foretold = foretellSwap(snapshot, swap);
  const after = foretold.sites.map((site) => site.after);
  return { ...reportOf(foretold.snapshot, after), swap: swapReport(foretold) };
}
