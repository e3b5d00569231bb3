import { expect, test } from 'vitest';
import { createManualClock } from '../../test/manual-clock.ts';
import type { SiteLog } from './log/site-log.ts';
import type { SiteDirectory, SiteSpec } from './site.ts';
import { createStartInstance } from './site-instance.ts';

/** Two sites that have a system-assigned identity each, and a third that has none. */
const specs = Object.fromEntries(
  ['production', 'staging', 'bare'].map((id) => {
    const systemAssigned = { principalId: `of ${id}`, clientId: id };
    const identity = { ...(id === 'bare' ? {} : { systemAssigned }), userAssigned: [] };
    return [id, { id, identity } as unknown as SiteSpec];
  }),
);

function open() {
  /** Whose identities the containers have, in the order of their starts. */
  const services: (() => SiteSpec['identity'] | undefined)[] = [];
  const started: unknown[] = [];
  const start = createStartInstance({
    sites: { spec: (id) => specs[id] } as SiteDirectory,
    identityEndpoint: {
      forContainer(identities) {
        services.push(identities);
        return { serve: () => {}, env: () => ({}) };
      },
    },
    start: async ({ hostService, log }) => {
      started.push(hostService);
      log.output('hello');
      return { name: 'container', container: { exited: new Promise(() => {}) } as never };
    },
    clock: createManualClock(),
    closing: new AbortController().signal,
  });
  return { start, services, started };
}

/** A log that notes what containers print. */
const createLog = () => {
  const printed: string[] = [];
  return { printed, log: { output: (line: string) => printed.push(line) } as unknown as SiteLog };
};
const signal = new AbortController().signal;

test('a container that a swap moves has the identity of the site that it serves then', async () => {
  const { start, services } = open();
  const { log } = createLog();
  const instance = await start({ spec: specs.staging!, log, sequence: 0, signal });
  expect(services[0]!()?.systemAssigned?.principalId).toBe('of staging');
  instance.moveTo('production', log);
  expect(services[0]!()?.systemAssigned?.principalId).toBe('of production');
});

test('a site without an identity has no endpoint', async () => {
  const { start, started } = open();
  const { log, printed } = createLog();
  await start({ spec: specs.bare!, log, sequence: 0, signal });
  expect([started, printed]).toEqual([[undefined], ['hello']]);
});
