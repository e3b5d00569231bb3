import type { Diagnosis } from '../checks/diagnose.ts';
import { foretellSwap } from '../checks/foretell.ts';
import { Failure } from '../failure.ts';
import { type Report, reportOf } from './report.ts';
import { swapReport } from './swap.ts';

/** The two sites of a swap, by the names of their slots, as it would leave them. */
export function foretoldReport(diagnoses: Diagnosis[], source: string, target = 'production'): Report {
  const { snapshot } = diagnoses[0]!.view;
  const named = (name: string) => {
    const slotOf = ({ view }: Diagnosis) => view.site.slot ?? 'production';
    const found = diagnoses.find((it) => slotOf(it).toLowerCase() === name.toLowerCase());
    if (found) return found.view.site;
    throw new Failure(
      `${snapshot.app.name} has no slot "${name}"; it has: ${diagnoses.map(slotOf).join(', ')}`,
      { resource: snapshot.app.id, next: `acrpull doctor ${snapshot.app.name}` },
    );
  };
  const swap = { source: named(source), target: named(target) };
  if (swap.source.id === swap.target.id) {
    throw new Failure(`A swap needs two slots; "${source}" is one.`, { resource: swap.source.id });
  }
  const foretold = foretellSwap(snapshot, swap);
  const after = foretold.sites.map((site) => site.after);
  return { ...reportOf(foretold.snapshot, after), swap: swapReport(foretold) };
}
