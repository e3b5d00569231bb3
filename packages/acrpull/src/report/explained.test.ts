import { Readable } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import * as words from '../../test/log-words.ts';
import { explainLog } from '../explain/explain-log.ts';
import { explainedJson, explainedText } from './explained.ts';

const { at, pulling, unauthorized, unknownTag, gaveUp, pulled, ready } = words;

const explained = (...lines: string[]) =>
  explainLog([{ name: '', chunks: Readable.from([lines.join('\n')]) }]);
const text = async (...lines: string[]) =>
  stripVTControlCharacters(explainedText(await explained(...lines), false));

test('the first error, what misleads, and the causes with what to look at', async () => {
  expect(await text(at(pulling), at(unknownTag), at(unauthorized), at(gaveUp))).toBe(
    `✘ a site  the pull failed: the registry has no such image
    image       hoge.azurecr.io/app:0.1.0
    begun       2026-01-01T10:00:00.123Z
    line 2      2026-01-01T10:00:00.123Z ERROR - DockerApiException: Docker API responded with
                status code=NotFound, response={"message":"manifest for hoge.azurecr.io/app:9 not
                found: manifest unknown: manifest tagged by "9" is not found"}
    later       Docker API responded with status code=InternalServerError, response={"message":"Head
                "https://hoge.azurecr.io/v2/app/manifests/0.1.0": unauthorized: authentication
                required, visit https://aka.ms/acr/authorization for more information."}
                of the platform's second try: it misleads, the first error counts

  4 causes leave these words; the likeliest first. acrpull doctor <app> says which it is.

  E1   The registry has no such image  very common
       why    The tag was never pushed, is misspelled, or was deleted. The platform often logs
              "unauthorized" last, from a second attempt.
       look   az acr repository show-tags -n hoge --repository app
       read   docs/causes/E1.md

  Less often: (--all-details says more)
  B14  The registry keeps new images in quarantine
  E2   The registry lists the tag and cannot give its manifest
  E3   The replica in the site’s region does not have the image yet
`,
  );
});

test('a start that went well, after others', async () => {
  expect(await text(pulling, unauthorized, gaveUp, pulling, pulled, ready)).toBe(
    `✔ a  pulled, started, and answered the platform's probe
    image       hoge.azurecr.io/app:0.1.0
    before it   1 try in this log
    line 6      INFO  - Container a_0_1 for site a initialized successfully and is ready to serve
                requests.
`,
  );
});

test('words that no cause leaves', async () => {
  expect(await text(pulling, words.exception('InternalServerError', 'the moon is full'), gaveUp)).toContain(
    'cause       none is known that leaves these words\n    next        acrpull doctor <app>',
  );
});

test('JSON has all causes', async () => {
  const { ok, sites } = explainedJson(await explained(at(pulling), at(unauthorized), at(gaveUp)));
  expect(ok).toBe(false);
  expect(sites).toMatchObject([
    { site: null, attempts: 1, outcome: 'refused', isWhole: true, line: { number: 2 }, later: [] },
  ]);
  const b2 = sites[0]!.causes.find(({ id }) => id === 'B2');
  expect(b2).toMatchObject({ link: 'grant', frequency: 'very common', page: 'docs/causes/B2.md' });
  expect(JSON.parse(JSON.stringify(sites))).toEqual(sites);
});
