import { expect, test } from 'vitest';
import { siteOf, snapshotOf } from '../../test/snapshots.ts';
import type { Azure } from '../azure/azure.ts';
import { Failure } from '../failure.ts';
import { viewSite } from '../pull-path/site-view.ts';
import { applyPlans } from './apply.ts';
import type { SitePlan, Step } from './plan.ts';
import type { Repair } from './remedy.ts';

const azure = {} as Azure;

function planFor(slot: string | undefined, steps: Record<string, Repair['apply']>): SitePlan {
  const site = siteOf(slot ? { slot } : {});
  const view = viewSite(snapshotOf(), site);
  return {
    view,
    left: [],
    steps: Object.entries(steps).map(([what, apply]): Step => {
      const change = { kind: 'add', what, to: '', target: site.id, restarts: false } as const;
      const repair = { plan: () => change, apply };
      const remedy = { id: what, title: what, commands: () => [], bicep: () => '', terraform: () => '' };
      return { remedy, repair, change, because: [] };
    }),
  };
}

const works: Repair['apply'] = async (_, view) => view;
const fails: Repair['apply'] = async () => {
  throw new Failure('Azure said no', { resource: '/the/resource', next: 'ask an owner' });
};

test('each step gets the site as the step before it left it', async () => {
  const changed = viewSite(snapshotOf(), siteOf({ hostName: 'changed' }));
  let seen = '';
  const plan = planFor(undefined, {
    first: async () => changed,
    second: async (_, view) => {
      seen = view.site.hostName;
      return view;
    },
  });
  await applyPlans(azure, [plan], true);
  expect(seen).toBe('changed');
});

test('a failure stops its own site only, and the message says what was done and what was not', async () => {
  const plans = [
    planFor(undefined, { identity: works, grant: fails, flag: works }),
    planFor('staging', { identity: works, flag: works }),
  ];
  const failure = await applyPlans(azure, plans, true).catch((error) => error);
  expect(failure).toBeInstanceOf(Failure);
  expect(failure.message).toContain('Azure said no');
  expect(failure.message).toContain(
    'done:      hoge-app: identity, hoge-app/staging: identity, hoge-app/staging: flag',
  );
  expect(failure.message).toContain('not done:  hoge-app: grant, hoge-app: flag');
  expect(failure).toMatchObject({ resource: '/the/resource', next: 'ask an owner' });
});

test('Ctrl-C lets the step under way finish and begins no other', async () => {
  const plan = planFor(undefined, {
    identity: async (_, view) => {
      process.emit('SIGINT');
      return view;
    },
    grant: works,
  });
  const failure = await applyPlans(azure, [plan], true).catch((error) => error);
  expect(failure.message).toContain('done:      hoge-app: identity');
  expect(failure.message).toContain('not done:  hoge-app: grant');
  expect(process.listenerCount('SIGINT')).toBe(0);
});
