import { once } from 'node:events';
import { get } from 'node:https';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ask, requestToken } from '../../test/ask.ts';
import { type PullPath, site, startPullPath } from '../../test/pull-path.ts';

// Every kind of fault over the real wire: what clients and the site's log see of it, and that it ends.

const minutes = 60_000;
const pulled = 'Pull Image successful';
const refused = 'unauthorized: authentication required';
const ping = 'https://hoge.azurecr.io/v2/';

let at: PullPath;
let grant: string;
beforeAll(async () => {
  at = await startPullPath();
  grant = await at.grant();
});
afterAll(() => at?.close());
beforeEach(() => at.signIn());
afterEach(() => at.faults.clear());

let tags = 1;
/** Makes a start that must fetch a layer, while these faults are set; what the log says of it. */
async function pullNew(faults: string, layer?: Buffer): Promise<string> {
  const tag = `${++tags}`;
  await at.pushImage(tag, layer);
  at.faults.add(faults);
  await at.setImage(tag);
  return at.nextStart();
}

const readRegistry = () => at.call('GET', at.registry, '2025-04-01');

describe('propagation', () => {
  test('a role assignment counts after its delay', async () => {
    await at.revoke(grant);
    at.faults.add('role-assignment-delay,delay=10m,registry=hoge');
    grant = await at.grant();
    expect(await at.restart()).toContain(refused);
    await at.clock.advance(10 * minutes);
    expect(await at.restart()).toContain(pulled);
  });

  test('a role assignment that is removed counts until its delay is over', async () => {
    at.faults.add('role-removal-delay,delay=10m');
    await at.revoke(grant);
    expect(await at.restart()).toContain(pulled);
    await at.clock.advance(10 * minutes);
    expect(await at.restart()).toContain(refused);
    grant = await at.grant();
  });

  test('a new identity is not known at first', async () => {
    const setIdentity = (type: string) => at.arm('PATCH', at.app, '2023-12-01', { identity: { type } });
    at.faults.add(`identity-delay,delay=10m,site=${site}`);
    await setIdentity('None');
    await at.nextStart();
    await setIdentity('SystemAssigned');
    expect(await at.nextStart()).toMatch(
      /Managed identity token request failed: .* is not known to Entra ID/,
    );
    await expect(at.grant({})).rejects.toThrow('PrincipalNotFound');
    grant = await at.grant();
    await at.clock.advance(10 * minutes);
    expect(await at.restart()).toContain(pulled);
    await at.revoke(grant);
    grant = await at.grant({});
  });

  test('a worker sees the settings of before the last write, also after a restart', async () => {
    await at.pushImage('other');
    at.faults.add(`configuration-delay,delay=10m,site=${site}`);
    const before = /Pulling image: (\S+)/.exec(await at.restart())![1]!;
    await at.setImage('other');
    expect(await at.nextStart()).toContain(`Pulling image: ${before}`);
    expect(await at.restart()).toContain(`Pulling image: ${before}`);
    const { properties } = await at.arm('GET', `${at.app}/config/web`, '2023-12-01');
    expect(properties.linuxFxVersion).toBe('DOCKER|hoge.azurecr.io/app:other');
    await at.clock.advance(10 * minutes);
    expect(await at.restart()).toContain('Pulling image: hoge.azurecr.io/app:other');
  });

  test('a registry goes on with its former firewall', async () => {
    at.faults.add('registry-settings-delay,delay=10m');
    const setAccess = (publicNetworkAccess: string) =>
      at.arm('PATCH', at.registry, '2025-04-01', { properties: { publicNetworkAccess } });
    expect((await setAccess('Disabled')).properties.publicNetworkAccess).toBe('Disabled');
    expect((await ask(at.azure, ping)).status).toBe(401);
    await at.clock.advance(10 * minutes);
    expect((await ask(at.azure, ping)).status).toBe(403);
    at.faults.clear();
    await setAccess('Enabled');
    expect((await ask(at.azure, ping)).status).toBe(401);
  });
});

describe('registry', () => {
  test.each([
    ['registry-outage', 'received unexpected HTTP status: 503 Service Unavailable'],
    [
      'registry-throttling,limit=0',
      'toomanyrequests: Too many requests. Please visit https://aka.ms/acr/skus',
    ],
    ['interrupted-pull', 'unexpected EOF'],
  ])('%s fails the pull in the words of the daemon, and the next start succeeds', async (fault, words) => {
    const said = await pullNew(`${fault},registry=hoge`);
    expect(said).toContain(words);
    expect(said).not.toContain(pulled);
    at.faults.clear();
    expect(await at.restart()).toContain(pulled);
  });

  test('throttling asks to come back when a request is free again', async () => {
    at.faults.add('registry-throttling,limit=2');
    const answers = [await ask(at.azure, ping), await ask(at.azure, ping), await ask(at.azure, ping)];
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 429]);
    expect(answers[2]!.headers['retry-after']).toBe('30');
    await at.clock.advance(30_000);
    expect((await ask(at.azure, ping)).status).toBe(401);
  });

  test('a layer that breaks off twice is fetched a third time', async () => {
    expect(await pullNew('interrupted-pull,count=2')).toContain(pulled);
    expect(at.faults.list()).toMatchObject([{ struck: 2, state: 'over' }]);
  });

  test('a pull is slow', async () => {
    const said = await pullNew('slow-pull,rate=1kB', Buffer.alloc(5000, 'slow'));
    const [, minutes, seconds] = /Pull Image successful, Time taken: (\d+) Minutes and (\d+) Seconds/.exec(
      said,
    )!;
    expect(Number(minutes) * 60 + Number(seconds)).toBeGreaterThanOrEqual(5);
  });

  test('without an answer a client waits until it gives up', async () => {
    at.faults.add('registry-outage,answer=none');
    await expect(ask(at.azure, ping, { signal: AbortSignal.timeout(50) })).rejects.toThrow('aborted');
  });

  test('another registry, and its port on loopback, are met by their own faults only', async () => {
    const { port } = at.azure.registryPorts()[0]!;
    at.faults.add('registry-outage,registry=other');
    expect((await fetch(`http://127.0.0.1:${port}/v2/`)).status).toBe(401);
    at.faults.add('registry-outage,registry=hoge');
    expect((await fetch(`http://127.0.0.1:${port}/v2/`)).status).toBe(503);
  });
});

describe('tokens of workers', () => {
  const transient = 'Managed identity token request failed: AADSTS90033';

  test('without Entra ID there are none', async () => {
    at.faults.add(`entra-outage,site=${site}`);
    expect(await at.restart()).toContain(transient);
    at.faults.clear();
    at.faults.add('entra-outage,site=other');
    expect(await at.restart()).toContain(pulled);
  });

  test('one that is kept is taken again, and needs no Entra ID, until its time is over', async () => {
    at.faults.add('token-cache,lifetime=30m');
    expect(await at.restart()).toContain(pulled);
    at.faults.add(`entra-outage,site=${site}`);
    expect(await at.restart()).toContain(pulled);
    await at.clock.advance(30 * minutes);
    expect(await at.restart()).toContain(transient);
  });

  test('they take their time', async () => {
    at.faults.add('entra-delay,delay=3s');
    const startedOn = at.clock.now();
    expect(await at.restart()).toContain(pulled);
    expect(at.clock.now() - startedOn).toBeGreaterThanOrEqual(3000);
  });
});

describe('log stream', () => {
  /** A reader of the log stream, from its live part on. */
  async function follow() {
    const { username, password } = await publishingUser();
    const opened = get(`https://${site}.scm.azurewebsites.net/api/logstream`, {
      agent: at.azure.agent,
      auth: `${username}:${password}`,
    });
    const [response] = await once(opened, 'response');
    let text = '';
    let ended = false;
    response.on('data', (chunk: Buffer) => {
      text += chunk;
    });
    response.on('close', () => {
      ended = true;
    });
    response.on('error', () => {});
    await at.until(() => text.includes('Starting Live Log Stream'));
    const live = () => text.slice(text.indexOf('Starting Live Log Stream'));
    return { live, hasEnded: () => ended, close: () => response.destroy() };
  }

  async function publishingUser() {
    const path = `${at.app}/config/publishingcredentials/list`;
    const { properties } = await at.arm('POST', path, '2023-12-01');
    return { username: properties.publishingUserName, password: properties.publishingPassword };
  }

  test('lines are lost on the way to the reader, and are in the file', async () => {
    at.faults.add(`lost-log-lines,site=${site},count=2`);
    const reader = await follow();
    const lines = (await at.restart()).trim().split('\n');
    await at.until(() => reader.live().includes(lines.at(-1)!));
    expect(lines.filter((line) => !reader.live().includes(line))).toEqual(lines.slice(0, 2));
    reader.close();
  });

  test('a line comes late, behind later ones', async () => {
    at.faults.add('late-log-lines,delay=10m,count=1');
    const reader = await follow();
    const [first, second] = (await at.restart()).trim().split('\n') as [string, string];
    await at.until(() => reader.live().includes(second));
    expect(reader.live()).not.toContain(first);
    await at.clock.advance(10 * minutes);
    await at.until(() => reader.live().includes(first));
    reader.close();
  });

  test('the connection ends', async () => {
    at.faults.add('log-stream-drop,after=10m');
    const reader = await follow();
    expect(reader.hasEnded()).toBe(false);
    await at.clock.advance(10 * minutes);
    await at.until(reader.hasEnded);
  });
});

describe('Resource Manager', () => {
  test('throttles, with the headers that say so, for as many requests as asked for', async () => {
    at.faults.add('resource-manager-throttling,count=1,retry-after=7s');
    const { status, headers, body } = await readRegistry();
    expect(status).toBe(429);
    expect(headers).toMatchObject({
      'retry-after': '7',
      'x-ms-ratelimit-remaining-subscription-reads': '0',
    });
    expect(JSON.parse(body).error).toMatchObject({
      code: 'SubscriptionRequestsThrottled',
      message: expect.stringContaining("Please try again after '7' seconds."),
    });
    expect((await readRegistry()).status).toBe(200);
  });

  test('is out of order for a time, for one resource', async () => {
    at.faults.add(`resource-manager-outage,answer=504,for=5m,site=${site}`);
    const readSite = () => at.call('GET', at.app, '2023-12-01');
    expect(await readSite()).toMatchObject({ status: 504, body: expect.stringContaining('GatewayTimeout') });
    expect((await readRegistry()).status).toBe(200);
    await at.clock.advance(5 * minutes);
    expect((await readSite()).status).toBe(200);
  });

  test('answers late', async () => {
    at.faults.add('resource-manager-delay,delay=10m');
    const reading = readRegistry();
    let answered = false;
    reading.then(() => {
      answered = true;
    });
    await at.until(() => at.faults.list()[0]!.struck === 1);
    expect(answered).toBe(false);
    await at.clock.advance(10 * minutes);
    expect((await reading).status).toBe(200);
  });

  test('breaks off in the middle of an answer', async () => {
    at.faults.add('resource-manager-cut');
    await expect(readRegistry()).rejects.toThrow('aborted');
  });
});

describe('Entra ID', () => {
  test('is out of order', async () => {
    at.faults.add('entra-outage,count=1');
    expect(await requestToken(at.azure)).toMatchObject({
      status: 503,
      body: expect.stringContaining('"error_codes":[90033]'),
    });
    expect((await requestToken(at.azure)).status).toBe(200);
  });

  test('answers late', async () => {
    at.faults.add('entra-delay,delay=10m');
    const requested = requestToken(at.azure);
    await at.until(() => at.faults.list()[0]!.struck === 1);
    await at.clock.advance(10 * minutes);
    expect((await requested).status).toBe(200);
  });
});
