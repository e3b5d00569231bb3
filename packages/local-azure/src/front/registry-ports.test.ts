import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startHttpServer } from '../../test/http-server.ts';
import { createManualClock } from '../../test/manual-clock.ts';
import { type Database, openDatabase } from '../store/database.ts';
import { createResources, type Resources } from '../store/resources.ts';
import { createRegistryPorts, type RegistryPorts } from './registry-ports.ts';

let db: Database;
let resources: Resources;
let ports: RegistryPorts;
let errors: unknown[];

beforeEach(() => {
  db = openDatabase(':memory:');
  resources = createResources(db, createManualClock());
  errors = [];
  ports = create();
});
afterEach(async () => {
  await ports.closeAll();
  db.close();
  expect(errors).toEqual([]);
});

const create = () =>
  createRegistryPorts({
    db,
    handlerOf: (loginServer) => (_request, response) => response.end(loginServer),
    logError: (_message, error) => errors.push(error),
  });

const make = (loginServer: string) => {
  resources.put(`/registries/${loginServer}`, 'registries', { properties: {} }, loginServer);
  return ports.open(loginServer);
};
const remove = (loginServer: string) => {
  resources.delete(`/registries/${loginServer}`);
  return ports.close(loginServer);
};
const portOf = (loginServer: string) => ports.list().find((one) => one.loginServer === loginServer)?.port;

/** Ends the local Azure and starts it again; `meanwhile` is what happens in between. */
async function restart(meanwhile: () => Promise<unknown> = async () => {}): Promise<void> {
  const before = ports.list();
  await ports.closeAll();
  await meanwhile();
  ports = create();
  await Promise.all(before.map(({ loginServer }) => ports.open(loginServer)));
}

const get = (port: number, host = `127.0.0.1:${port}`, address = '127.0.0.1') =>
  new Promise<{ status: number | undefined; body: string }>((resolve, reject) => {
    request({ host: address, port, headers: { host }, agent: false }, async (response) =>
      resolve({ status: response.statusCode, body: await text(response) }),
    )
      .on('error', reject)
      .end();
  });

test('each registry has a port of its own, which goes with it', async () => {
  await Promise.all([make('one.azurecr.io'), make('two.azurecr.io')]);
  await ports.open('two.azurecr.io');
  const [one, two] = [portOf('one.azurecr.io')!, portOf('two.azurecr.io')!];
  expect([await get(one), await get(two)]).toEqual([
    { status: 200, body: 'one.azurecr.io' },
    { status: 200, body: 'two.azurecr.io' },
  ]);
  await remove('one.azurecr.io');
  await expect(get(one)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  expect(ports.list()).toEqual([{ loginServer: 'two.azurecr.io', port: two }]);
  expect(db.prepare('SELECT login_server FROM registry_ports').all()).toEqual([
    { login_server: 'two.azurecr.io' },
  ]);
});

test.each([
  ['localhost', 200],
  ['127.0.0.1', 200],
  ['[::1]:5000', 200],
  ['rebound.example.com', 421],
  ['one.azurecr.io', 421],
  ['127.0.0.1.example.com', 421],
])('a request whose Host header is %s is answered %i', async (host, status) => {
  await make('one.azurecr.io');
  expect((await get(portOf('one.azurecr.io')!, host)).status).toBe(status);
});

test('a port is open at 127.0.0.1 alone', async () => {
  await make('one.azurecr.io');
  await expect(get(portOf('one.azurecr.io')!, 'localhost', '127.0.0.2')).rejects.toThrow();
});

test('a registry keeps its port; when another program has taken it, it gets another, and says so once', async () => {
  await make('one.azurecr.io');
  const port = portOf('one.azurecr.io')!;
  await restart();
  expect(ports.list()).toEqual([{ loginServer: 'one.azurecr.io', port }]);

  let other: Awaited<ReturnType<typeof startHttpServer>>;
  await restart(async () => {
    other = await startHttpServer((_request, response) => response.end(), port);
  });
  await other!.close();
  const moved = portOf('one.azurecr.io')!;
  expect(ports.list()).toEqual([{ loginServer: 'one.azurecr.io', port: moved, formerPort: port }]);
  expect(moved).not.toBe(port);
  await restart();
  expect(ports.list()).toEqual([{ loginServer: 'one.azurecr.io', port: moved }]);
});

test('a registry that is deleted while its port opens has none', async () => {
  const opening = make('one.azurecr.io');
  await Promise.all([opening, remove('one.azurecr.io')]);
  expect(ports.list()).toEqual([]);
});

test('of many registries 100 have a port; when one of those goes, another gets one', async () => {
  const names = Array.from({ length: 1000 }, (_, n) => `r${n}.azurecr.io`);
  await Promise.all(names.map(make));
  expect(ports.list().length).toBe(100);
  await remove('r0.azurecr.io');
  expect(portOf('r0.azurecr.io')).toBeUndefined();
  expect(portOf('r100.azurecr.io')).toBeDefined();
  await remove('r500.azurecr.io');
  expect(ports.list().length).toBe(100);
});
