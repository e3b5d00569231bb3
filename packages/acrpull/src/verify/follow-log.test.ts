import { expect, test } from 'vitest';
import { siteOf } from '../../test/snapshots.ts';
import type { Azure } from '../azure/azure.ts';
import { Unreachable } from '../azure/unreachable.ts';
import { systemClock } from '../clock.ts';
import { followLog } from './follow-log.ts';

test('a reading that is asked for during another one begins after it, once for all who ask', async () => {
  const answers: ((text: string) => void)[] = [];
  const azure = {
    authenticated: async () => {
      throw new Unreachable('hoge-app.scm.azurewebsites.net', 'closed');
    },
    resourceManager: { text: () => new Promise((resolve) => answers.push(resolve)) },
  } as unknown as Azure;
  const stop = new AbortController();
  const log = followLog(azure, siteOf(), { clock: systemClock, signal: stop.signal });
  const line = (image: string) => `2026-01-01T12:00:00.000Z INFO  - Pulling image: ${image}`;

  const first = log.read(false);
  const later = [log.read(false), log.read(false)];
  expect(answers).toHaveLength(1);
  answers[0]!(line('one'));
  await first;
  await expect.poll(() => answers).toHaveLength(2);
  answers[1]!(`${line('one')}\n${line('two')}`);
  await Promise.all(later);
  expect(log.timeline.written()).toMatchObject([{ image: 'one' }, { image: 'two' }]);
  expect(answers).toHaveLength(2);
  stop.abort();
});
