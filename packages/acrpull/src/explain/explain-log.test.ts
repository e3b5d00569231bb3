import { expect, test } from 'vitest';
import * as words from '../../test/log-words.ts';
import { causes } from '../checks/index.ts';
import { explain, isKnownText } from './explain-log.ts';
import { createLogReader } from './log-story.ts';

const { pulling, unauthorized, unknownTag, gaveUp, pulled, ready } = words;

function explained(...lines: string[]) {
  const reader = createLogReader(isKnownText);
  for (const [index, text] of lines.entries()) reader.take({ number: index + 1, text });
  return reader.stories().map(explain);
}
const ids = (...lines: string[]) => explained(...lines)[0]!.suspects.map(({ cause }) => cause.id);

test('each cause is among those that its own words bring up', () => {
  for (const { id, seenAs, thenSeenAs = [] } of causes) {
    for (const text of [...seenAs, ...thenSeenAs]) {
      expect(ids(text.replaceAll(/<[^>]*>/g, 'x')), text).toContain(id);
    }
  }
});

test('the likeliest comes first', () => {
  const { suspects } = explained(pulling, unauthorized, gaveUp)[0]!;
  const order = ['very common', 'common', 'occasional', 'rare'];
  const ranks = suspects.map(({ cause }) => order.indexOf(cause.frequency));
  expect(ranks).toEqual([...ranks].sort());
  expect(suspects.map(({ cause }) => cause.id)).toEqual(expect.arrayContaining(['B1', 'B2', 'A1', 'C1']));
});

test('a missing tag leaves "unauthorized" too, but only after its own words', () => {
  expect(ids(pulling, unknownTag, unauthorized, gaveUp)).toEqual(['E1', 'B14', 'E2', 'E3']);
  expect(ids(pulling, unauthorized, gaveUp)).not.toContain('E1');
  expect(ids(unauthorized, gaveUp)).toContain('E1');
});

test('what a local copy hides is told of besides', () => {
  const copy = 'WARN  - Image pull failed. Defaulting to local copy if present.';
  expect(ids(pulling, unknownTag, copy, words.starting)).toEqual(['E1', 'B14', 'E2', 'E3', 'C6']);
});

test('what to look at names the site and the image of the log, and what it does not know as <…>', () => {
  const stopping = 'INFO  - Stopping site hoge-app__staging because it failed during startup.';
  const look = (...lines: string[]) =>
    explained(...lines)[0]!
      .suspects.map((it) => it.look)
      .join('\n');
  expect(look(pulling, unknownTag, gaveUp)).toContain('az acr repository show-tags -n hoge --repository app');
  expect(look(pulling, unauthorized, gaveUp, stopping)).toContain(
    'az webapp config show -g <group> -n hoge-app --slot staging --query acrUseManagedIdentityCreds',
  );
  expect(look(unauthorized)).toContain('-n <app>');
});

test('a start that went well has no causes', () => {
  expect(explained(pulling, pulled, ready)).toMatchObject([{ ended: { kind: 'ready' }, suspects: [] }]);
});

test('words that no cause has are taken for others of their kind', () => {
  const { suspects } = explained(pulling, words.exception('NotFound', 'NAME_UNKNOWN'), gaveUp)[0]!;
  expect(suspects.map(({ cause, words }) => [cause.id, words])).toContainEqual(['E1', undefined]);
  expect(ids(pulling, words.exception('InternalServerError', 'the moon is full'), gaveUp)).toEqual([]);
});

test('an image of another registry has nothing to do with identities', () => {
  const [{ otherRegistry, suspects }] = explained('Pulling image: ghcr.io/a/b:1.', unauthorized, gaveUp) as [
    ReturnType<typeof explain>,
  ];
  expect(otherRegistry).toBe('ghcr.io');
  expect(suspects.filter(({ cause }) => ['identity', 'grant', 'flag'].includes(cause.link))).toEqual([]);
});
