import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseImageReference } from '../image-reference.ts';
import { connectionError, diskError, PullError } from '../pull-error.ts';
import type { PlatformEvent } from './platform-event.ts';
import { notStarted } from './remarks.ts';
import { workerLogs } from './worker-logs.ts';

const now = Date.UTC(2026, 3, 22, 5, 34, 5, 647);
const site = 'hoge-app';
const container = 'hoge-app_0_1a2b3c4d';
const image = 'hoge.azurecr.io/app:1';
const refusal = new PullError('unauthorized', 'Head "https://h/v2/": unauthorized: no');
const tell = (generation: 'old' | 'new', event: PlatformEvent) =>
  workerLogs[generation].platform(event, now).map((line) => {
    expect(line).toMatch(/^2026-04-22T05:34:05\.647Z /);
    return line.slice('2026-04-22T05:34:05.647Z '.length);
  });

describe("the older worker's words", () => {
  test.each<[PlatformEvent, string[]]>([
    [{ kind: 'pulling', site, image }, ['INFO  - Pulling image: hoge.azurecr.io/app:1']],
    [
      { kind: 'pull-refused', refusal },
      // The refusal is quoted as JSON, with an empty line after it.
      [
        'ERROR - DockerApiException: Docker API responded with status code=InternalServerError, ' +
          'response={"message":"Head \\"https://h/v2/\\": unauthorized: no"}\n',
      ],
    ],
    [
      { kind: 'pulled', image: parseImageReference(image), milliseconds: 0 },
      ['INFO  - Pull Image successful, Time taken: 0 Minutes and 0 Seconds'],
    ],
    [
      { kind: 'pulled', image: parseImageReference(image), milliseconds: 61_999 },
      ['INFO  - Pull Image successful, Time taken: 1 Minutes and 1 Seconds'],
    ],
    [
      { kind: 'pull-failed', site, image, refusal, localCopy: true },
      ['WARN  - Image pull failed. Defaulting to local copy if present.'],
    ],
    [
      { kind: 'starting', container, image, port: 80, env: { PORT: '80' }, command: '', logged: false },
      [
        'INFO  - Starting container for site',
        `INFO  - docker run -d --expose=80 --name ${container} -e PORT=80 ${image}  \n`,
        'INFO  - Logging is not enabled for this container.\n' +
          'Please use https://aka.ms/linux-diagnostics to enable logging to see container logs here.',
      ],
    ],
    [notStarted('no engine'), ['ERROR - Image pulled, container not started: no engine']],
  ])('%j', (event, lines) => expect(tell('old', event)).toEqual(lines));

  test('for what the container prints', () => {
    expect(workerLogs.old.output('hello', now)).toBe('2026-04-22T05:34:05.647000000Z hello');
  });
});

describe("the newer worker's words", () => {
  const noError = 'LastError: , LastErrorTimestamp: 01/01/0001 00:00:00, LastErrorDetails: ';
  test.each<[PlatformEvent, string[]]>([
    [
      { kind: 'pulling', site, image },
      [
        `State: Starting, Action: StartingSiteContainers, ${noError}, Details: , DetailsLevel: INFO`,
        'Container start method called.',
        `State: Starting, Action: PullingImage, ${noError}, Details: Pulling image ${image} for ${site}., DetailsLevel: INFO`,
        'Establishing network.',
        `Pulling image: ${image}.`,
      ],
    ],
    [
      { kind: 'pulled', image: parseImageReference(image), milliseconds: 5 },
      [`Image ${image} is pulled from registry hoge.azurecr.io`],
    ],
    [{ kind: 'pull-refused', refusal }, []],
    [
      { kind: 'pull-failed', site, image, refusal, localCopy: false },
      [
        'Container pull image failed with reason: ImagePullFailure. Revert by terminate.',
        'Container is terminating. Grace period: 5 seconds.',
        `Site container: ${site} terminated during site startup.`,
        'State: Stopping, Action: StoppingSite, LastError: ImagePullUnauthorizedFailure, ' +
          `LastErrorTimestamp: 04/22/2026 05:34:05, LastErrorDetails: Failed to pull image: ${image}. ` +
          'Image pull failed with forbidden or unauthorized. Check registry credentials., Details: , DetailsLevel: ERROR',
      ],
    ],
    [
      { kind: 'start-failed', site },
      ['Failed to start site. Revert by stopping site.', `Site: ${site} stopped.`],
    ],
    [
      { kind: 'ready', site, container, milliseconds: 1500 },
      [
        'Site startup probe succeeded after 1.5 seconds.',
        `State: Starting, Action: WarmUpProbeSucceeded, ${noError}, Details: Site startup probe succeeded after 1.5 seconds., DetailsLevel: INFO`,
        'Site started.',
        `State: Started, Action: None, ${noError}, Details: Site started at 04/22/2026 05:34:05 (UTC), DetailsLevel: INFO`,
      ],
    ],
    [
      { kind: 'exited-during-start', site, container, port: 80, exit: { code: 3, signal: null } },
      [
        'Container has finished running with exit code: 3.',
        `Site container: ${site} terminated during site startup.`,
      ],
    ],
    [notStarted('no engine'), ['Image pulled, container not started: no engine']],
  ])('%j', (event, lines) => expect(tell('new', event)).toEqual(lines));

  test('for what the container prints', () => {
    expect(workerLogs.new.output('hello', now)).toBe('2026-04-22T05:34:05.6470000Z hello');
  });
});

describe.each(['old', 'new'] as const)('the %s worker', (generation) => {
  test('says why a pull failed, whatever the reason', () => {
    const faults = ['not-found', 'host-unknown', 'unreachable', 'registry-fault', 'disk-full'] as const;
    fc.assert(
      fc.property(fc.constantFrom(...faults), fc.stringMatching(/^[\w .:-]{1,40}$/), (fault, message) => {
        const refusal = new PullError(fault, message);
        const events: PlatformEvent[] = [
          { kind: 'pull-refused', refusal },
          { kind: 'pull-failed', site, image, refusal, localCopy: false },
        ];
        expect(events.flatMap((event) => tell(generation, event)).join('\n')).toContain(message);
      }),
    );
  });
});

describe('faults in the words of the daemon', () => {
  test.each([
    ['ENOTFOUND', 'host-unknown', 'dial tcp: lookup h.azurecr.io: no such host'],
    ['EAI_AGAIN', 'host-unknown', 'dial tcp: lookup h.azurecr.io: Temporary failure in name resolution'],
    ['ECONNREFUSED', 'unreachable', 'dial tcp h.azurecr.io:443: connect: connection refused'],
    ['ETIMEDOUT', 'unreachable', 'dial tcp h.azurecr.io:443: i/o timeout'],
    ['ECONNRESET', 'unreachable', 'read tcp h.azurecr.io:443: connection reset by peer'],
    ['OTHER', 'unreachable', 'what it said'],
  ])('a connection that fails with %s', (code, fault, words) => {
    const error = connectionError(
      'Get',
      'https://h.azurecr.io/v2/',
      Object.assign(new Error('what it said'), { code }),
    );
    expect([error.fault, error.message]).toEqual([fault, `Get "https://h.azurecr.io/v2/": ${words}`]);
  });

  test('a full disk', () => {
    const full = Object.assign(new Error(), { code: 'ENOSPC', path: '/data/x' });
    expect(diskError(full)).toMatchObject({
      fault: 'disk-full',
      message: 'write /data/x: no space left on device',
    });
    expect(diskError(Object.assign(new Error(), { code: 'EACCES' }))).toBeUndefined();
  });
});
