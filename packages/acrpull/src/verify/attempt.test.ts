import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  digest,
  gaveUp,
  givenUp,
  pulled,
  pulling,
  ready,
  starting,
  unauthorized,
  unknownTag,
} from '../../test/log-words.ts';
import { advance, newAttempt } from './attempt.ts';
import { type LogEvent, readLogLine } from './log-lines.ts';

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

  test('goes on when its second try asks “Docker hub”', () => {
    const again = 'INFO  - Pulling image from Docker hub: hoge.azurecr.io/app:9';
    expect(play(pulling, unknownTag, again, unauthorized, gaveUp).decided).toMatchObject({
      cause: 'manifest-unknown',
    });
    expect(play(again, unauthorized, gaveUp).decided).toMatchObject({ cause: 'unauthorized' });
  });

  test('is refused although an old local copy of the image is started', () => {
    const fallBack = 'WARN  - Image pull failed. Defaulting to local copy if present.';
    expect(play(pulling, unauthorized, fallBack, starting).decided).toMatchObject({
      kind: 'refused',
      localCopyServes: true,
    });
  });

  test('is refused although that copy could not be started either', () => {
    const noEngine = 'ERROR - Image pulled, container not started: no container engine';
    expect(play(pulling, unauthorized, noEngine).decided).toMatchObject({
      kind: 'refused',
      cause: 'unauthorized',
      localCopyServes: false,
    });
  });

  test('is not interrupted by the end of an earlier one that comes in between', () => {
    const interrupted = 'Container pull image interrupted. Revert by terminate.';
    expect(play(pulling, interrupted, pulled, starting).decided).toBeUndefined();
  });

  test('keeps the digest up to the answer', () => {
    expect(play(pulling, `INFO  -  Digest: ${digest}`, ready)).toMatchObject({
      digest,
      decided: 'ready',
    });
  });

  test('whatever the log says: what is decided stays, and no start is ready whose pull failed', () => {
    const kinds = [
      'pull-started',
      'digest',
      'pulled',
      'pull-error',
      'pull-given-up',
      'pull-failed',
      'starting',
      'waiting',
      'ready',
      'not-started',
      'stopped',
      'site-stopped',
      'live',
    ] as const;
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
    ];
    const reason =
      'State: Stopping, Action: StoppingSite, LastError: ImagePullUnauthorizedFailure, LastErrorTimestamp: 04/22/2026 05:34:05, LastErrorDetails: Failed to pull image: hoge.azurecr.io/app:0.1.0. Image pull failed with forbidden or unauthorized. Check registry credentials., Details: , DetailsLevel: ERROR';

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
      expect(play(...lines).decided).toBe('ready');
    });

    test('whose container ends is not a failed pull', () => {
      const lines = [
        'Pulling image: hoge.azurecr.io/app:0.1.0.',
        'Image hoge.azurecr.io/app:0.1.0 is pulled from registry hoge.azurecr.io',
        'Container is starting.',
        'Container has finished running with exit code: 3.',
        'Site container: hoge-app terminated during site startup.',
      ];
      expect(play(...lines).decided).toMatchObject({
        kind: 'not-answering',
        reason: 'Container has finished running with exit code: 3.',
      });
    });
  });
});
