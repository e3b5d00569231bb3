import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { Agent, type IncomingMessage, request } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { host, id, type OneSite, startOneSite } from '../../test/one-site.ts';
import { addImage } from '../../test/scripted-registry.ts';
import { type SiteSpec, type SlotSwap, SwapFailure } from './site.ts';

let at: OneSite;
/** Runs another image than the app. */
let staging: SiteSpec;

beforeEach(async () => {
  at = await startOneSite();
  addImage(at.registry, '2', ['two'], { ExposedPorts: { '8080/tcp': {} } });
  staging = at.addSlot('staging', {
    linuxFxVersion: `DOCKER|${at.registry.host}/app:2`,
    appSettings: { SLOT: 'staging' },
  });
  at.spec.appSettings = { SLOT: 'production' };
  at.engine.answer = (_request, { image, env }) => `${image.reference.split(':').at(-1)} in ${env.SLOT}`;
});
afterEach(() => at.close());

/** As the control plane swaps: the images, not the settings. */
function commit() {
  const { linuxFxVersion } = staging;
  staging.linuxFxVersion = at.spec.linuxFxVersion;
  at.spec.linuxFxVersion = linuxFxVersion;
}
const swap = (changes: Partial<SlotSwap> = {}) =>
  at.app.swap({
    sourceId: staging.id,
    targetId: id,
    settings: { appSettings: { SLOT: 'production' } },
    isPrepared: false,
    commit,
    ...changes,
  });
const visit = async (hostName = host) => {
  const answer = await at.visit('site', '/', { host: hostName });
  return [answer.statusCode, await text(answer)];
};

/** What the containers of a site printed. */
function printed(site: string): string {
  const folder = join(at.folder, 'LogFiles', site);
  const files = readdirSync(folder).filter((name) => name.includes('default_docker'));
  return files.map((name) => readFileSync(join(folder, name), 'utf8')).join('');
}

describe('a swap', () => {
  test('leads visitors to the warmed container, and starts the old image in the source', async () => {
    expect([await visit(), await visit(staging.hostName)]).toEqual([
      [200, '1 in production'],
      [200, '2 in staging'],
    ]);
    await swap();
    expect([await visit(), await visit(staging.hostName)]).toEqual([
      [200, '2 in production'],
      [200, '1 in staging'],
    ]);
    // The warmed container is not started again, and the two old ones end.
    expect(at.engine.ran.map(({ name }) => name.replace(/_[0-9a-f]{8}$/, ''))).toEqual([
      'hoge-app_0',
      'hoge-app__staging_0',
      'hoge-app__staging_1',
      'hoge-app__staging_2',
    ]);
    await expect.poll(() => at.engine.stopped.length).toBe(2);
  });

  test('of sites that sleep wakes both', async () => {
    await swap();
    expect(at.app.state(id)).toBe('running');
    await expect.poll(() => at.app.state(staging.id)).toBe('running');
    expect(await visit()).toEqual([200, '2 in production']);
  });

  test('pulls with the identity of the source, and tells it in the log of the source', async () => {
    await swap();
    expect(at.log(staging.id).slice(0, 2)).toEqual([
      'INFO  - Pulling image: HOST/app:2',
      'INFO  - Pulling image with system-assigned managed identity, principal principal',
    ]);
    const swapped =
      "INFO  - Sites hoge-app__staging and hoge-app were swapped: each runs the other's container from now on.";
    expect(at.log(staging.id)).toContain(swapped);
    expect(at.log(id)).toContain(swapped);
  });

  test('takes what the container prints to the log of the target', async () => {
    await swap();
    const [warmed] = at.engine.ran;
    warmed!.onOutput('stdout', 'printed after the swap');
    expect(printed('hoge-app')).toContain('printed after the swap');
    expect(printed('hoge-app__staging')).not.toContain('printed after the swap');
  });

  test('of a stopped target swaps, and starts nothing there', async () => {
    at.spec.enabled = false;
    await swap();
    expect(at.app.state(id)).toBe('stopped');
    expect(await visit(staging.hostName)).toEqual([200, '1 in staging']);
    await expect.poll(() => at.engine.stopped.length).toBe(1);
  });

  test('lets visitors finish before it stops the old container', async () => {
    at.engine.echo = true;
    await visit();
    const port = await at.serve('site');
    const outgoing = request({ port, method: 'POST', headers: { host } });
    outgoing.write('before');
    const [answer] = await once(outgoing, 'response');
    const [chunk] = await once(answer, 'data');
    expect(String(chunk)).toBe('before');
    await swap();
    const old = at.engine.ran[0]!.name;
    expect(at.engine.stopped).not.toContain(old);
    outgoing.end(' and after');
    expect(await text(answer)).toBe(' and after');
    await expect.poll(() => at.engine.stopped).toContain(old);
  });
});

describe('a swap that fails', () => {
  const fail = async (changes: Partial<SlotSwap> = {}) => {
    const error = await swap(changes).catch((error) => error);
    expect(error).toBeInstanceOf(SwapFailure);
    return error.message;
  };

  test.each<[string, () => Partial<SlotSwap>, RegExp]>([
    [
      'when the image cannot be pulled',
      () => {
        staging.identity = { userAssigned: [] };
        return {};
      },
      /could not be pulled/,
    ],
    ['when the container ends', () => ({ settings: { appSettings: { FAIL: 'exit' } } }), /has exited/],
    [
      'when the answer is not the wanted one',
      () => ({ settings: { appSettings: { WEBSITE_SWAP_WARMUP_PING_STATUSES: '201,202' } } }),
      /^\/ was answered with 200, and WEBSITE_SWAP_WARMUP_PING_STATUSES is 201,202$/,
    ],
  ])('%s, changes nothing', async (_what, change, message) => {
    const changes = change();
    expect(await visit()).toEqual([200, '1 in production']);
    const before = structuredClone([at.spec, staging]);
    expect(await fail(changes)).toMatch(message);
    expect([at.spec, staging]).toEqual(before);
    expect(await visit()).toEqual([200, '1 in production']);
    expect(at.log(staging.id).at(-1)).toMatch(/^ERROR - Swap given up, nothing was changed: /);
    const [production] = at.engine.ran;
    expect(at.engine.stopped).not.toContain(production!.name);
  });

  test('in its last step stops what it started', async () => {
    await visit();
    const broken = new Error('the disk is full');
    const commit = () => {
      throw broken;
    };
    expect(await swap({ commit }).catch((error) => error)).toBe(broken);
    expect(await visit()).toEqual([200, '1 in production']);
    expect(at.engine.stopped).toEqual([at.engine.ran.at(-1)!.name]);
  });
});

test('a preview that is completed at once goes on with the container that it starts', async () => {
  expect(await visit(staging.hostName)).toEqual([200, '2 in staging']);
  staging.appSettings = { SLOT: 'production' };
  at.app.restart(staging.id);
  await swap({ isPrepared: true });
  expect(await visit()).toEqual([200, '2 in production']);
});

describe('after a preview', () => {
  beforeEach(async () => {
    staging.appSettings = { SLOT: 'production' };
    at.app.restart(staging.id);
  });

  test('the very container that was looked at goes on to run', async () => {
    await visit();
    expect(await visit(staging.hostName)).toEqual([200, '2 in production']);
    const started = at.engine.ran.length;
    await swap({
      isPrepared: true,
      commit() {
        commit();
        staging.appSettings = { SLOT: 'staging' };
      },
    });
    expect(await visit()).toEqual([200, '2 in production']);
    expect(await visit(staging.hostName)).toEqual([200, '1 in staging']);
    expect(at.engine.ran.length).toBe(started + 1);
  });

  test('a failure leaves it where it was', async () => {
    await visit();
    const settings = { appSettings: { WEBSITE_SWAP_WARMUP_PING_STATUSES: '204' } };
    expect(await swap({ isPrepared: true, settings }).catch((error) => error)).toBeInstanceOf(SwapFailure);
    const broken = () => {
      throw new Error('the disk is full');
    };
    await expect(swap({ isPrepared: true, commit: broken })).rejects.toThrow('the disk is full');
    expect(await visit(staging.hostName)).toEqual([200, '2 in production']);
    expect(at.engine.stopped).toEqual([]);
  });
});

test('under load no request fails, and the version flips once', async () => {
  await visit();
  const port = await at.serve('site');
  let isOver = false;
  const answers: string[] = [];
  const agent = new Agent({ keepAlive: true });
  const visitors = Array.from({ length: 8 }, async () => {
    while (!isOver) {
      const outgoing = request({ port, agent, headers: { host } });
      outgoing.end();
      const [answer] = (await once(outgoing, 'response')) as [IncomingMessage];
      answers.push(`${answer.statusCode} ${await text(answer)}`);
    }
  });
  await expect.poll(() => answers.length).toBeGreaterThan(20);
  await swap();
  const swapped = answers.length;
  await expect.poll(() => answers.length).toBeGreaterThan(swapped + 50);
  isOver = true;
  await Promise.all(visitors);
  agent.destroy();
  expect(new Set(answers)).toEqual(new Set(['200 1 in production', '200 2 in production']));
  expect(answers.slice(swapped + visitors.length).filter((answer) => answer.includes('1'))).toEqual([]);
});

describe('traffic routing', () => {
  beforeEach(() => {
    at.spec.rampUpRules = [{ name: 'staging', siteId: staging.id, reroutePercentage: 0 }];
  });

  test('leads who asks to the slot, and pins him by a cookie beside those of the app', async () => {
    at.engine.headers = { 'set-cookie': 'session=1' };
    const first = await at.visit('site', '/?x-ms-routing-name=staging');
    expect(await text(first)).toBe('2 in staging');
    expect(first.headers['set-cookie']).toEqual([
      'session=1',
      'x-ms-routing-name=staging; Max-Age=3600; Path=/; HttpOnly',
    ]);
    const second = await at.visit('site', '/', { cookie: 'x-ms-routing-name=staging' });
    expect([await text(second), second.headers['set-cookie']]).toEqual(['2 in staging', ['session=1']]);
    expect(await visit()).toEqual([200, '1 in production']);
  });

  test('to a slot that is stopped is told so', async () => {
    staging.enabled = false;
    expect((await at.visit('site', '/?x-ms-routing-name=staging')).statusCode).toBe(403);
  });
});
