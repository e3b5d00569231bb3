import type { Azure } from '../src/azure/azure.ts';
import { diagnose } from '../src/checks/diagnose.ts';
import type { Clock } from '../src/clock.ts';
import { applyPlans } from '../src/remedies/apply.ts';
import { type Journal, openJournal, type Run, readRuns } from '../src/remedies/journal.ts';
import { type Plan, planSites, type SitePlan } from '../src/remedies/plan.ts';
import { planUndo, runToUndo } from '../src/remedies/undo.ts';
import { createSiteStore, type Stored } from './site-store.ts';
import { type Changes, snapshotOf, userAssigned } from './snapshots.ts';
import { createVirtualClock } from './virtual-clock.ts';

/** Two sites that have nothing yet, and the plan that mends both. */
export const bareSites: Changes = {
  sites: [undefined, 'staging'].map((slot) => ({
    ...(slot && { slot }),
    identity: { type: 'None', userAssigned: [] },
    config: { acrUseManagedIdentityCreds: false },
  })),
};
export const bareStore = (): Stored => ({
  identities: Object.fromEntries(siteIds.map((id) => [id, { system: undefined, ids: [] }])),
  configs: Object.fromEntries(
    siteIds.map((id) => [id, { acrUseManagedIdentityCreds: false, acrUserManagedIdentityID: null }]),
  ),
  settings: {},
  assignments: {},
});
const siteIds = snapshotOf(bareSites).sites.map(({ id }) => id.toLowerCase());

export const plansFor = (choice: 'system' | 'user'): SitePlan[] =>
  planSites(diagnose(snapshotOf(bareSites)), choice === 'user' ? { identity: userAssigned } : {});

/** Runs of `fix` and `undo` on a store, with journals in a folder. */
export function createRuns(
  stored: Stored,
  folder: string,
  hooks: Parameters<typeof createSiteStore>[1] = {},
) {
  const arm = createSiteStore(stored, hooks);
  const app = { id: snapshotOf().app.id, name: 'hoge-app' };
  const apply = async (plans: Plan[], journal: Journal, clock: Clock) => {
    const azure = { resourceManager: arm, now: clock.now } as Azure;
    try {
      await applyPlans(azure, plans, { journal, silent: true, clock });
      journal.complete();
    } finally {
      journal.close();
    }
  };
  const target = 'local-azure';
  return {
    runs: (): Run[] => readRuns(target, folder),
    fix: async (plans: Plan[], clock = createVirtualClock()) =>
      apply(plans, openJournal({ command: 'fix', undoes: null, target, app }, folder), clock),
    undo: async (id?: string, clock = createVirtualClock()) => {
      const run = runToUndo(readRuns(target, folder), id);
      const plan = await planUndo(arm, run);
      await apply([plan], openJournal({ command: 'undo', undoes: run.id, target, app }, folder), clock);
      return plan;
    },
  };
}
