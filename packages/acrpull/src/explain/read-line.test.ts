import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { at, givenUp, newAt, pulling, unauthorized } from '../../test/log-words.ts';
import { readLine, resourceIn } from './read-line.ts';

const wrapped = at(unauthorized);
const refused =
  'State: Stopping, Action: StoppingSite, LastError: ImagePullUnauthorizedFailure, LastErrorTimestamp: 11/24/2026 09:41:13, LastErrorDetails: Failed to pull image: hoge.azurecr.io/app:1. Image pull failed with forbidden or unauthorized. Check registry credentials., Details: , DetailsLevel: ERROR';

describe('a line is read whatever was put around it', () => {
  test.each<[string, (line: string) => string]>([
    ['nothing', (line) => line],
    ['spaces', (line) => `  ${line}\t`],
    ['colours', (line) => `\u001b[31m${line}\u001b[0m`],
    ['colours in an export', (line) => `"\\u001b[31m${JSON.stringify(line).slice(1)}`],
    ['the time of a pipeline', (line) => `2026-01-01T10:00:02.0000000Z ${line}`],
    ['the name of a container', (line) => `hoge-app-1  | ${line}`],
    ['the name of a file', (line) => `LogFiles/2026_01_01_lw0_docker.log:12:${line}`],
    ['a quotation', (line) => `> ${line}`],
    ['binary junk', (line) => `\u0000\u0007\ufffd${line}\u0000`],
    [
      'a record of Azure Monitor',
      (line) => JSON.stringify({ time: '2026-01-01', properties: { Message: line } }),
    ],
    ['a record on several lines', (line) => `    "Message": ${JSON.stringify(line)},`],
    ['a list of strings', (line) => `  ${JSON.stringify(line)},`],
    ['a string in a string', (line) => JSON.stringify(JSON.stringify({ log: line }))],
  ])('%s', (_, wrap) => {
    expect(readLine(wrap(wrapped)).event).toMatchObject({ kind: 'pull-error', cause: 'unauthorized' });
    expect(readLine(wrap(newAt(givenUp))).event).toMatchObject({ kind: 'pull-given-up' });
    expect(readLine(wrap(newAt(refused))).event).toMatchObject({ kind: 'pull-failed' });
    expect(readLine(wrap(at(pulling))).event).toMatchObject({ image: 'hoge.azurecr.io/app:0.1.0' });
  });

  test('also without a time', () => {
    for (const line of [givenUp, refused, unauthorized]) {
      expect(readLine(`- ${line}`).event).toBeDefined();
    }
  });
});

test('the time is the platform’s own', () => {
  expect(readLine(wrapped).at).toBe(Date.parse('2026-01-01T10:00:00.123Z'));
  expect(readLine(`docker.log: ${wrapped}`).at).toBe(Date.parse('2026-01-01T10:00:00.123Z'));
});

test.each([
  ['INFO  - Stopping site hoge-app because it failed during startup.', 'hoge-app'],
  [
    'INFO  - Container a_0_1 for site hoge-app__staging initialized successfully and is ready to serve requests.',
    'hoge-app/staging',
  ],
  ['INFO  - Starting container for site', undefined],
  ['INFO  - Stopping site $(reboot) because it failed during startup.', undefined],
  ['Site: hoge-app__staging stopped.', 'hoge-app/staging'],
  [
    'State: Starting, Action: PullingImage, LastError: , LastErrorDetails: , Details: Pulling image h/a:1 for hoge-app., DetailsLevel: INFO',
    'hoge-app',
  ],
  [unauthorized, undefined],
])('%s: %s', (line, site) => expect(readLine(at(line)).site).toBe(site));

test.each([
  [
    '{"resourceId":"/SUBSCRIPTIONS/S/RESOURCEGROUPS/BLOG/PROVIDERS/MICROSOFT.WEB/SITES/HOGE-APP"}',
    'hoge-app',
  ],
  ['{"_ResourceId": "/subscriptions/s/…/sites/hoge-app/slots/staging"}', 'hoge-app/staging'],
  [wrapped, undefined],
])('%s is from %s', (line, site) => expect(resourceIn(line)).toBe(site));

test('never throws, and takes no time over what is no log', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.string(), fc.json(), fc.string({ unit: 'binary' })),
      (line) => void readLine(line),
    ),
  );
  const begun = performance.now();
  for (const piece of ['\\', '[', '{"a":', '2026-01-01T1 ', 'for site ', '|', '\u001b[', '" ']) {
    readLine(piece.repeat(16_384).slice(0, 16_384));
  }
  expect(performance.now() - begun).toBeLessThan(5_000);
});
