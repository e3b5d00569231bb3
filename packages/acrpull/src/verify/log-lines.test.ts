import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { advance, newAttempt } from './attempt.ts';
import { readLogLine } from './log-lines.ts';

const at = (text: string) => `2026-01-01T10:00:00.123Z ${text}`;
const exception = (code: string, message: string) =>
  at(
    `ERROR - DockerApiException: Docker API responded with status code=${code}, response={"message":"${message}"}`,
  );
const unauthorized = exception(
  'InternalServerError',
  String.raw`Head \"https://hoge.azurecr.io/v2/app/manifests/0.1.0\": unauthorized: authentication required, visit https://aka.ms/acr/authorization for more information.`,
);
const unknownTag = exception(
  'NotFound',
  String.raw`manifest for hoge.azurecr.io/app:9 not found: manifest unknown: manifest tagged by \"9\" is not found`,
);
const digest = `sha256:${'b'.repeat(64)}`;
const pulling = at('INFO  - Pulling image: hoge.azurecr.io/app:0.1.0');
const gaveUp = at(
  'ERROR - Image pull failed: Verify docker image configuration and credentials (if using private repository)',
);

describe('readLogLine', () => {
  test.each([
    [pulling, { kind: 'pull-started', image: 'hoge.azurecr.io/app:0.1.0' }],
    [at(`INFO  -  Digest: ${digest}`), { kind: 'digest', digest }],
    [at('INFO  - Pull Image successful, Time taken: 0 Minutes and 1 Seconds'), { kind: 'pulled' }],
    [unauthorized, { kind: 'pull-error', cause: 'unauthorized' }],
    [unknownTag, { kind: 'pull-error', cause: 'manifest-unknown' }],
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
      'State: Stopping, Action: StoppingSite, LastError: ImagePullUnauthorizedFailure, LastErrorDetails: Failed to pull image: hoge.azurecr.io/app:1. Image pull failed with forbidden or unauthorized. Check registry credentials.',
      { kind: 'pull-error', cause: 'unauthorized' },
    ],
    [
      'Container pull image failed with reason: ImagePullFailure. Revert by terminate.',
      { kind: 'pull-failed' },
    ],
    ['Container pull image interrupted. Revert by terminate.', { kind: 'pull-error', cause: 'interrupted' }],
    [gaveUp, { kind: 'pull-failed' }],
    [at('INFO  - Starting container for site'), { kind: 'starting' }],
    [
      at('INFO  - Container a_0_1 for site a initialized successfully and is ready to serve requests.'),
      { kind: 'ready' },
    ],
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
  ])('%j says nothing about a pull or a start', (line) => expect(readLogLine(line)).toBeUndefined());

  test('never throws', () => {
    fc.assert(fc.property(fc.string(), (line) => void readLogLine(line)));
  });
});

describe('an attempt', () => {
  const play = (...lines: string[]) =>
    lines.reduce((attempt, line) => {
      const event = readLogLine(line);
      return event ? advance(attempt, event) : attempt;
    }, newAttempt);

  test('is decided by its first error: a missing tag is followed by a misleading "unauthorized"', () => {
    expect(play(pulling, unknownTag, unauthorized, gaveUp).decided).toMatchObject({
      kind: 'refused',
      cause: 'manifest-unknown',
    });
  });

  test('ignores what an earlier start still says', () => {
    expect(play(unauthorized, gaveUp).decided).toBeUndefined();
  });

  test('starts over when another pull begins before the first one ended', () => {
    expect(play(pulling, unknownTag, pulling, unauthorized, gaveUp).decided).toMatchObject({
      cause: 'unauthorized',
    });
  });

  test('is refused although an old local copy of the image is started', () => {
    const fallBack = at('WARN  - Image pull failed. Defaulting to local copy if present.');
    expect(
      play(pulling, unauthorized, fallBack, at('INFO  - Starting container for site')).decided,
    ).toMatchObject({
      kind: 'refused',
      localCopyServes: true,
    });
  });

  test('keeps the digest up to the answer', () => {
    const ready = at(
      'INFO  - Container a for site a initialized successfully and is ready to serve requests.',
    );
    expect(play(pulling, at(`INFO  -  Digest: ${digest}`), ready)).toMatchObject({
      digest,
      decided: 'ready',
    });
  });
});
