import type { Diagnosis, Finding } from '../checks/diagnose.ts';
import type { SiteView } from '../pull-path/site-view.ts';
import { repairs } from './index.ts';
import type { Change, Remedy, Repair } from './remedy.ts';

/** What `fix` would do to one site. */
export interface SitePlan {
  view: SiteView;
  steps: Step[];
  /** What is broken and can only be mended by a person. */
  left: Finding[];
}

export interface Step {
  remedy: Remedy;
  repair: Repair;
  change: Change;
  /** The ids of the checks that ask for it. */
  because: string[];
}

/** Pure: from findings to steps, in the order of `repairs`; nothing that holds already is touched. */
export function planSite({ view, findings }: Diagnosis): SitePlan {
  const failed = findings.filter(({ verdict }) => verdict.status === 'fail');
  const steps = repairs.flatMap((remedy): Step[] => {
    const asking = failed.filter(({ check }) => check.remedies.some(({ id }) => id === remedy.id));
    const change = asking.length > 0 ? remedy.repair.plan(view) : undefined;
    return change
      ? [{ remedy, repair: remedy.repair, change, because: asking.map(({ check }) => check.id) }]
      : [];
  });
  const mended = new Set(steps.flatMap(({ because }) => because));
  return { view, steps, left: failed.filter(({ check }) => !mended.has(check.id)) };
}
