import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { advance, newAttempt } from './attempt.ts';
import { type LogEvent, readLogLine, timeOf } from './log-lines.ts';

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
const newAt = (text: string) => `2026-04-22T05:34:05.1639344Z ${text}`;
const givenUp = 'Container pull image failed with reason: ImagePullFailure. Revert by terminate.';
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
      exception('InternalServerError', 'toomanyrequests: slow down'),
      { kind: 'pull-error', cause: 'throttled' },
    ],
    [
      at('ERROR - Image pull for hoge.azurecr.io/app:1 failed. UnexpectedFaliure'),
      { kind: 'pull-error', cause: 'network' },
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

  test('is not interrupted by the end of an earlier one that comes in between', () => {
    const interrupted = at('Container pull image interrupted. Revert by terminate.');
    const done = at('INFO  - Pull Image successful, Time taken: 0 Minutes and 1 Seconds');
    const starting = at('INFO  - Starting container for site');
    expect(play(pulling, interrupted, done, starting).decided).toBeUndefined();
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

  test('whatever the log says: what is decided stays, and no start is ready whose pull failed', () => {
    const kinds = ['pull-started', 'digest', 'pulled', 'pull-error', 'pull-given-up', 'pull-failed', 'starting', 'waiting', 'ready', 'not-started', 'stopped', 'site-stopped', 'live'] as const; // biome-ignore format: one line
    const events = fc.array(
      fc.constantFrom(...kinds).map((kind) => ({ kind, cause: 'other', text: kind, digest }) as LogEvent),
    );
    fc.assert(
      fc.property(events, (events) => {
        let attempt = newAttempt;
        for (const [index, event] of events.entries()) {
          const after = advance(attempt, event);
          if (attempt.decided) expect(after).toEqual(attempt);
          const began = events.slice(0, index).findLastIndex(({ kind }) => kind === 'pull-started');
          const failed = events
            .slice(began + 1, index)
            .some(({ kind }) => /^pull-(error|given-up)$/.test(kind));
          if (after.decided === 'ready' && !attempt.decided)
            expect([began >= 0, failed]).toEqual([true, false]);
          attempt = after;
        }
      }),
      { numRuns: 5_000 },
    );
  });

  describe('of a newer worker', () => {
    // Azure/webapps-deploy issue 455, 2025: nothing says why.
    const unexplained = [
      'Establishing network.',
      'Pulling image: hoge.azurecr.io/app:0.1.0.',
      givenUp,
      'Container is terminating. Grace period: 5 seconds.',
      'Container spec TerminationMessagePolicy path',
      'Container is terminated. Total time elapsed: 1 ms.',
      'Site container: hoge-app terminated during site startup.',
      'Failed to start site. Revert by stopping site.',
      'Site: hoge-app stopped.',
    ].map(newAt);
    const reason = newAt(
      'State: Stopping, Action: StoppingSite, LastError: ImagePullUnauthorizedFailure, LastErrorTimestamp: 04/22/2026 05:34:05, LastErrorDetails: Failed to pull image: hoge.azurecr.io/app:0.1.0. Image pull failed with forbidden or unauthorized. Check registry credentials., Details: , DetailsLevel: ERROR',
    );

    test('is refused for the reason that follows, wherever it stands', () => {
      for (let i = 3; i < unexplained.length; i++) {
        const lines = [...unexplained.slice(0, i), reason, ...unexplained.slice(i)];
        expect(play(...lines).decided, `reason after line ${i}`).toMatchObject({
          kind: 'refused',
          cause: 'unauthorized',
          localCopyServes: false,
        });
      }
    });

    test('is refused without a reason once the site has stopped', () => {
      expect(play(...unexplained.slice(0, -1)).decided).toBeUndefined();
      expect(play(...unexplained).decided).toEqual({
        kind: 'refused',
        cause: 'other',
        text: givenUp,
        localCopyServes: false,
      });
    });

    test('succeeds, whatever Kudu does meanwhile and the last error was', () => {
      const lines = [
        'State: Starting, Action: PullingImage, LastError: ImagePullUnauthorizedFailure, LastErrorTimestamp: 04/22/2026 05:34:05, LastErrorDetails: Failed to pull image: x. Check registry credentials., Details: , DetailsLevel: INFO',
        'Pulling image: hoge.azurecr.io/app:0.1.0.',
        'Image hoge.azurecr.io/app:0.1.0 is pulled from registry hoge.azurecr.io',
        'Container is starting.',
        'Pulling image: appsvc/kudulite:noble_20260323.3.tuxprod.',
        'Container is running.',
        'Site startup probe succeeded after 8.7320828 seconds.',
      ];
      expect(play(...lines.map(newAt)).decided).toBe('ready');
    });

    test('whose container ends is not a failed pull', () => {
      const lines = [
        'Pulling image: hoge.azurecr.io/app:0.1.0.',
        'Image hoge.azurecr.io/app:0.1.0 is pulled from registry hoge.azurecr.io',
        'Container is starting.',
        'Container has finished running with exit code: 3.',
        'Site container: hoge-app terminated during site startup.',
      ];
      expect(play(...lines.map(newAt)).decided).toMatchObject({
        kind: 'not-answering',
        reason: 'Container has finished running with exit code: 3.',
      });
    });
  });
});
