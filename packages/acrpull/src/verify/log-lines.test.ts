import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as words from '../../test/log-words.ts';
import { readLogLine, timeOf } from './log-lines.ts';

const { at, newAt, digest, givenUp } = words;
const exception = (code: string, message: string) => at(words.exception(code, message));

describe('readLogLine', () => {
  test.each([
    [at(words.pulling), { kind: 'pull-started', image: 'hoge.azurecr.io/app:0.1.0' }],
    [at(`INFO  -  Digest: ${digest}`), { kind: 'digest', digest }],
    [at(words.pulled), { kind: 'pulled' }],
    [at(words.unauthorized), { kind: 'pull-error', cause: 'unauthorized' }],
    [at(words.unknownTag), { kind: 'pull-error', cause: 'manifest-unknown' }],
    [exception('BadRequest', 'invalid reference format'), { kind: 'pull-error', cause: 'invalid-reference' }],
    [
      exception(
        'InternalServerError',
        String.raw`Get \"https://x.azurecr.io/v2/\": dial tcp: lookup x.azurecr.io: no such host`,
      ),
      { kind: 'pull-error', cause: 'no-such-host' },
    ],
    [
      exception(
        'InternalServerError',
        "denied: client with IP '1.2.3.4' is not allowed access. Refer https://aka.ms/acr/firewall",
      ),
      { kind: 'pull-error', cause: 'firewall' },
    ],
    [exception('InternalServerError', 'denied'), { kind: 'pull-error', cause: 'firewall' }],
    [
      exception(
        'InternalServerError',
        'Get https://x/v2/: net/http: request canceled (Client.Timeout exceeded)',
      ),
      { kind: 'pull-error', cause: 'unreachable' },
    ],
    [
      exception('InternalServerError', 'toomanyrequests: slow down'),
      { kind: 'pull-error', cause: 'throttled' },
    ],
    [
      at('ERROR - Image pull for hoge.azurecr.io/app:1 failed. UnexpectedFaliure'),
      { kind: 'pull-error', cause: 'network' },
    ],
    [
      at('ERROR - Image pull for hoge.azurecr.io/app:1 failed. Unsupported image manifest.'),
      { kind: 'pull-error', cause: 'other', text: 'Unsupported image manifest.' },
    ],
    [
      newAt('Container start up failed with reason: VolumeMountFailure. Revert by terminate.'),
      { kind: 'stopped' },
    ],
    [
      'State: Stopping, Action: StoppingSite, LastError: ImagePullUnauthorizedFailure, LastErrorDetails: Failed to pull image: hoge.azurecr.io/app:1. Image pull failed with forbidden or unauthorized. Check registry credentials.',
      { kind: 'pull-failed', error: { cause: 'unauthorized' } },
    ],
    [
      newAt(
        'State: Stopping, Action: StoppingSite, LastError: ImagePullFailure, LastErrorTimestamp: 04/22/2026 05:34:05, LastErrorDetails: Failed to pull image: x/y:1. manifest unknown, Details: , DetailsLevel: ERROR',
      ),
      {
        kind: 'pull-failed',
        error: { cause: 'manifest-unknown', text: 'Failed to pull image: x/y:1. manifest unknown' },
      },
    ],
    [newAt(givenUp), { kind: 'pull-given-up', text: givenUp }],
    [
      newAt('Pulling image: docker.io/bkimminich/juice-shop:latest.'),
      { kind: 'pull-started', image: 'docker.io/bkimminich/juice-shop:latest' },
    ],
    [
      newAt('Image docker.io/bkimminich/juice-shop:latest is pulled from registry docker.io'),
      { kind: 'pulled' },
    ],
    [newAt('Container is starting.'), { kind: 'starting' }],
    [newAt('Container is running.'), { kind: 'waiting' }],
    [newAt('Site startup probe succeeded after 76.6326902 seconds.'), { kind: 'ready' }],
    [newAt('Site startup probe failed after 230.0123255 seconds.'), { kind: 'stopped' }],
    [newAt('Container has finished running with exit code: 3.'), { kind: 'stopped' }],
    [newAt('Site container: gatusf039 terminated during site startup.'), { kind: 'stopped' }],
    [newAt('Site: gatusf039 stopped.'), { kind: 'site-stopped' }],
    ['Container pull image interrupted. Revert by terminate.', { kind: 'pull-error', cause: 'interrupted' }],
    [at(words.gaveUp), { kind: 'pull-failed' }],
    [at(words.starting), { kind: 'starting' }],
    [at(words.ready), { kind: 'ready' }],
    [at('ERROR - Container a_0_1 for site a has exited, failing site start'), { kind: 'stopped' }],
    [
      at(
        "ERROR - Container a_0_1 didn't respond to HTTP pings on port: 80, failing site start. See container logs for debugging.",
      ),
      { kind: 'stopped' },
    ],
    ['Starting Live Log Stream ---', { kind: 'live' }],
  ])('%s', (line, event) => {
    expect(readLogLine(line)).toMatchObject(event);
  });

  test.each([
    [''],
    [at('INFO  - 0.1.0 Pulling from app')],
    ['hello from the app'],
    [at('WARN  - Image pull failed. Defaulting to local copy if present.')],
    [newAt('Pulling image: appsvc/kudulite:noble_20260323.3.tuxprod.')],
    [newAt('Pulling image: mcr.microsoft.com/appsvc/kudulite:noble.')],
    // What was the matter before.
    [
      newAt(
        'State: Starting, Action: PullingImage, LastError: ImagePullUnauthorizedFailure, LastErrorTimestamp: 04/22/2026 05:34:05, LastErrorDetails: Failed to pull image: x/y:1. Check registry credentials., Details: Pulling image x/y:1 for a., DetailsLevel: INFO',
      ),
    ],
    [newAt('Failed to start site. Revert by stopping site.')],
    [newAt('Site started.')],
  ])('%j says nothing about a pull or a start', (line) => expect(readLogLine(line)).toBeUndefined());

  test.each([
    ['2026-01-01T10:00:00.123Z INFO  - x', '2026-01-01T10:00:00.123Z'],
    ['2026-01-01T10:00:00.1639344Z x', '2026-01-01T10:00:00.163Z'],
    ['2026-01-01T10:00:00.123000000Z x', '2026-01-01T10:00:00.123Z'],
    ['2019-06-20 15:12:34.567 INFO  - x', '2019-06-20T15:12:34.567Z'],
    ['2026-01-01T10:00:00  No new trace in the past 1 min(s).', '2026-01-01T10:00:00.000Z'],
  ])('%s was written at %s', (line, time) => expect(timeOf(line)).toBe(Date.parse(time)));

  test.each(['', 'hello', '2026-13-41T99:00:00Z x', '2026-01-01'])('%j has no time', (line) =>
    expect(timeOf(line)).toBeUndefined(),
  );

  test('never throws', () => {
    fc.assert(fc.property(fc.string(), (line) => void [readLogLine(line), timeOf(line)]));
  });
});
