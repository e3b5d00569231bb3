import { expect, test } from 'vitest';
import * as words from '../../test/log-words.ts';
import { causes } from '../checks/index.ts';
import { explainStory, isKnownText } from './explain-story.ts';
import { createLogReader } from './log-story.ts';

const { pulling, unauthorized, unknownTag, gaveUp, pulled, ready } = words;

function explained(...lines: string[]) {
  const reader = createLogReader(isKnownText);
  for (const [index, text] of lines.entries()) reader.take({ number: index + 1, text });
  return reader.stories().map(explainStory);
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
  const denied = "denied: client with IP '1.2.3.4' is not allowed access.";
  expect(look(pulling, words.exception('InternalServerError', denied), gaveUp)).toContain(
    'az acr network-rule list -n hoge',
  );
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
    ReturnType<typeof explainStory>,
  ];
  expect(otherRegistry).toBe('ghcr.io');
  expect(suspects.filter(({ cause }) => ['identity', 'grant', 'flag'].includes(cause.link))).toEqual([]);
});

const docker = (code: string, message: string) =>
  `ERROR - DockerApiException: Docker API responded with status code=${code}, response={"message":"${message}"}`;

// With the names changed.
test.each<[source: string, lines: string[], first: string, cause: string]>([
  [
    'Azure/acr issue 124, 2020: two tries, an older wording',
    [
      '2020-02-27 20:26:50.967 INFO  - Pulling image: hoge.azurecr.io/app:113127',
      `2020-02-27 20:26:51.098 ${docker('NotFound', 'manifest for hoge.azurecr.io/app:113127 not found: manifest unknown: manifest unknown')}`,
      '',
      '2020-02-27 20:26:51.099 ERROR - Pulling docker image hoge.azurecr.io/app:113127 failed:',
      '2020-02-27 20:26:51.100 INFO  - Pulling image from Docker hub: hoge.azurecr.io/app:113127',
      `2020-02-27 20:26:51.124 ${docker('InternalServerError', 'Get https://hoge.azurecr.io/v2/app/manifests/113127: unauthorized: authentication required')}`,
    ],
    'E1',
    'manifest-unknown',
  ],
  [
    'microsoft/AzureTRE issue 924, 2021: without times and levels',
    [
      'Pulling image from Docker hub: hoge.azurecr.io/microsoft/azuretre/api:dev\t',
      docker(
        'InternalServerError',
        'Get https://hoge.azurecr.io/v2/microsoft/azuretre/api/manifests/dev: unauthorized: authentication required, visit https://aka.ms/acr/authorization for more information.',
      ).replace('ERROR - ', ''),
      'Image pull failed: Verify docker image configuration and credentials (if using private repository)',
      'EventName:SiteStartFailed - Reason:Unknown - Message:Image pull failed since Inspect image returned null',
    ],
    'B1',
    'unauthorized',
  ],
  [
    'Azure/azure-functions-ux issue 3164, 2018: a Windows worker',
    [
      '17/09/2018 18:41:40.983 INFO - Site: hoge-app - Pulling container image: hoge.azurecr.io/app:latest',
      '17/09/2018 18:41:42.500 ERROR - Site: hoge-app - Docker client error. Pull image failed. Image: hoge.azurecr.io/app:latest. StatusCode: InternalServerError. Message: Docker API responded with status code=InternalServerError, response={"message":"Get https://hoge.azurecr.io/v2/app/manifests/latest: unauthorized: authentication required"}',
    ],
    'B1',
    'unauthorized',
  ],
  [
    'Azure/webapps-deploy issue 455, 2025: the newer worker, which gives no reason',
    [
      '2025-06-06T09:51:04.8613412Z Pulling image: hoge.azurecr.io/app:v5.13.1.',
      '2025-06-06T09:51:06.1447951Z Container pull image failed with reason: ImagePullFailure. Revert by terminate.',
      '2025-06-06T09:51:06.1475587Z Site container: hoge-app terminated during site startup.',
      '2025-06-06T09:51:06.1521246Z Site: hoge-app stopped.',
    ],
    'E1',
    'other',
  ],
])('a log that a user showed: %s', (_, lines, first, cause) => {
  const [{ suspects, ended, story }] = explained(...lines) as [ReturnType<typeof explainStory>];
  expect(suspects[0]!.cause.id).toBe(first);
  expect(ended).toMatchObject({ kind: 'refused', cause });
  expect(story.attempts).toBe(1);
});
