import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createManualClock, type ManualClock } from '../../test/manual-clock.ts';
import { host, id, type OneSite, startOneSite } from '../../test/one-site.ts';
import { systemClock } from '../clock.ts';
import { EngineError } from './engines/engine.ts';

let at: OneSite;
/** Moves what takes a second or more; shorter waits take no time. */
let clock: ManualClock;

beforeEach(async () => {
  at = await startOneSite();
  clock = createManualClock();
  await at.reopen({
    clock: {
      now: clock.now,
      sleep: (ms, signal) => (ms < 1000 ? systemClock.sleep(5, signal) : clock.sleep(ms, signal)),
    },
  });
  at.engine.answer = ({ url }, { name }) => (url === '/robots933456.txt' ? 'up' : name);
});
afterEach(() => at.close());

const minutes = 60_000;
const who = async (answer: IncomingMessage) => /_(\d+)_/.exec(await text(answer))?.[1];
const visit = async () => who(await at.visit());

/** Holds what the registry is asked for next, until it is let go. */
function holdManifest(): { asked: Promise<void>; letGo(): void } {
  let letGo = () => {};
  const asked = new Promise<void>((resolve) => {
    at.registry.answers.set('/v2/app/manifests', (_request, response) => {
      letGo = () => response.destroy();
      resolve();
    });
  });
  return {
    asked,
    letGo() {
      at.registry.answers.clear();
      letGo();
    },
  };
}

describe('a restart', () => {
  test('lets the old container serve until the new one does, and ends it when its visitors have gone', async () => {
    expect(await visit()).toBe('0');
    // A visitor who stays.
    at.engine.echo = true;
    const staying = request({ port: await at.serve('site'), method: 'POST', headers: { host } });
    staying.write('one');
    const [response] = await once(staying, 'response');
    expect(String((await once(response, 'data'))[0])).toBe('one');
    at.engine.echo = false;

    const { asked, letGo } = holdManifest();
    const restarted = at.app.restart(id);
    await asked;
    expect([at.app.state(id), await visit()]).toEqual(['updating', '0']);
    letGo();
    await restarted;
    expect([at.app.state(id), await visit(), at.engine.stopped]).toEqual(['running', '1', []]);
    staying.end(' two');
    expect(await text(response)).toBe(' two');
    await expect.poll(() => at.engine.stopped).toEqual([at.engine.ran[0]!.name]);
  });

  test('does not overlap when the app setting forbids it', async () => {
    at.spec.appSettings = { WEBSITE_DISABLE_OVERLAPPED_RECYCLING: '1' };
    await visit();
    const { asked, letGo } = holdManifest();
    const restarted = at.app.restart(id);
    await asked;
    expect([at.app.state(id), at.engine.stopped.length]).toEqual(['starting', 1]);
    letGo();
    await restarted;
    expect(await visit()).toBe('1');
  });

  test('that is soft leaves a container alone that would be made the same', async () => {
    await visit();
    await at.app.restart(id, { soft: true });
    expect(await visit()).toBe('0');
    at.spec.appSettings = { GREETING: 'bye' };
    await at.app.restart(id, { soft: true });
    expect(await visit()).toBe('1');
    await at.app.restart(id);
    expect(await visit()).toBe('2');
  });

  test('right after another interrupts its pull', async () => {
    const { asked, letGo } = holdManifest();
    const first = at.app.restart(id);
    await asked;
    const second = at.app.restart(id);
    letGo();
    await Promise.all([first, second]);
    expect(at.log().filter((line) => line.includes('interrupted'))).toEqual([
      'WARN  - Container pull image interrupted. Revert by terminate.',
    ]);
    expect([at.app.state(id), at.engine.ran.length]).toEqual(['running', 1]);
  });
});

describe('while a site starts, a visitor', () => {
  test('waits, and as long as a request may be silent', async () => {
    const { asked, letGo } = holdManifest();
    const visiting = at.visit();
    await asked;
    await clock.advance(230_000);
    expect((await visiting).statusCode).toBe(504);
    letGo();
    expect(await visit()).toBe('0');
  });

  test('who has been turned away finds the site running after the next attempt', async () => {
    at.registry.accepts = { identityToken: 'of somebody else' };
    expect((await at.visit()).statusCode).toBe(503);
    expect(at.app.state(id)).toBe('failed');
    at.registry.accepts = { identityToken: 'token of principal' };
    await clock.advance(5_000);
    await expect.poll(() => at.app.state(id)).toBe('running');
    expect((await at.visit()).statusCode).toBe(200);
  });
});

test('a site that fails again and again is blocked, and its log says so', async () => {
  at.registry.accepts = { identityToken: 'of somebody else' };
  await at.app.restart(id);
  for (const seconds of [5, 10, 20, 40]) {
    await clock.advance(seconds * 1000);
    await expect.poll(() => at.app.state(id)).not.toBe('starting');
  }
  expect(at.app.state(id)).toBe('blocked');
  expect(at.log().at(-1)).toBe(
    'ERROR - The site is blocked: too many starts have failed. The next attempt is in 5 minutes.',
  );
  expect((await at.visit()).statusCode).toBe(503);
  expect(at.app.lastError(id)).toMatchObject({
    name: 'ImagePullUnauthorizedFailure',
    details: expect.stringContaining('Image pull failed with forbidden or unauthorized.'),
    on: clock.now(),
  });
});

describe('a site without visitors', () => {
  test('is unloaded after 20 minutes, and wakes for the next one', async () => {
    await visit();
    await clock.advance(20 * minutes);
    expect(at.app.state(id)).toBe('idle');
    await expect.poll(() => at.engine.stopped.length).toBe(1);
    expect(at.log().at(-1)).toMatch(/No request for 20 minutes/);
    expect(await visit()).toBe('1');
  });

  test('is not unloaded under a WebSocket', async () => {
    const socket = connect(await at.serve('site'), '127.0.0.1');
    socket.write(`GET /ws HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n`);
    let received = '';
    socket.on('data', (chunk) => {
      received += chunk;
    });
    await expect.poll(() => received).toContain('101 Switching');
    await clock.advance(20 * minutes);
    await clock.advance(20 * minutes);
    expect(at.app.state(id)).toBe('running');
    socket.write('still here');
    await expect.poll(() => received).toContain('still here');
    socket.destroy();
    await expect
      .poll(async () => {
        await clock.advance(20 * minutes);
        return at.app.state(id);
      })
      .toBe('idle');
  });
});

test('an engine that dies in the middle: the log says so, and the site is back when the engine is', async () => {
  await visit();
  const { run } = at.engine;
  at.engine.run = async () => {
    throw new EngineError('connect ENOENT /var/run/docker.sock');
  };
  await at.engine.crash();
  await expect.poll(() => at.app.state(id)).toBe('failed');
  expect(at.log().at(-1)).toMatch(/has exited with/);
  await clock.advance(5_000);
  await expect.poll(() => at.log().at(-1)).toContain('not started: connect ENOENT /var/run/docker.sock');
  at.engine.run = run;
  await clock.advance(10_000);
  await expect.poll(() => at.app.state(id)).toBe('running');
  expect(await visit()).toBe('2');
});

test('a site that is deleted while it starts leaves nothing', async () => {
  const { asked, letGo } = holdManifest();
  const restarted = at.app.restart(id);
  await asked;
  at.app.remove(id);
  letGo();
  await restarted;
  expect(at.engine.ran).toEqual([]);
});
