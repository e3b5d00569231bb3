import { foretellSwap } from '../checks/foretell.ts';
import { Failure } from '../failure.ts';
import type { Snapshot } from '../pull-path/snapshot.ts';
import { type Report, reportOf } from './report.ts';
import { swapReport } from './swap.ts';

/** The two sites of a swap, by the names of their slots, as it would leave them. */
export function foretoldReport(snapshot: Snapshot, source: string, target = 'production'): Report {
  const slots = snapshot.sites.map(({ slot = 'production' }) => slot);
  const named = (name: string) => {
    const site = snapshot.sites[slots.findIndex((slot) => slot.toLowerCase() === name.toLowerCase())];
    if (site) return site;
    throw new Failure(`${snapshot.app.name} has no slot "${name}"; it has: ${slots.join(', ')}`, {
      resource: snapshot.app.id,
      next: `acrpull doctor ${snapshot.app.name}`,
    });
  };
  const swap = { source: named(source), target: named(target) };
  if (swap.source.id === swap.target.id) {
    throw new Failure(`A swap needs two slots; "${source}" is one.`, { resource: swap.source.id });
  }
  const foretold = foretellSwap(snapshot, swap);
  const after = foretold.sites.map((site) => site.after);
  return { ...reportOf(foretold.snapshot, after), swap: swapReport(foretold) };
}
