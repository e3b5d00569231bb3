import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Changes, denied, grantOf, identityOf, snapshotOf, takenOn } from '../../test/snapshots.ts';
import { diagnose } from '../checks/diagnose.ts';
import { Failure } from '../failure.ts';
import { reportOf } from '../report/report.ts';
import { formatSnapshot, parseSnapshot, readSnapshot } from './saved-snapshot.ts';
import { known, type Snapshot } from './snapshot.ts';

const judge = (snapshot: Snapshot) => reportOf(snapshot, diagnose(snapshot));
const parse = (text: string) => parseSnapshot(text, 'saved.json');
const sidecar = {
  name: 'main',
  image: 'hoge.azurecr.io/app:0.1.0',
  isMain: true,
  authType: 'SystemIdentity',
  userManagedIdentityClientId: null,
};

const snapshots: [name: string, changes: Changes][] = [
  ['a healthy app', {}],
  ['two sites, one broken', { sites: [{}, { slot: 'staging', identity: identityOf() }] }],
  ['a user-assigned identity', { site: { identity: identityOf('system', 'user') } }],
  ['a read that was denied', { grants: denied('Microsoft.Authorization/roleAssignments/read') }],
  ['an image that is not there', { manifest: known(null) }],
  ['sidecars', { site: { config: { linuxFxVersion: 'SITECONTAINERS' }, containers: known([sidecar]) } }],
  ['a young grant', { grants: [grantOf({ createdOn: takenOn })] }],
];

describe('what was saved', () => {
  test.each(snapshots)('is judged as it was: %s', async (_, changes) => {
    const snapshot = snapshotOf(changes);
    expect(judge(await parse(formatSnapshot(snapshot)))).toEqual(judge(snapshot));
  });

  test('stays young: by its own time, not by that of who judges', async () => {
    const { sites } = judge(
      await parse(formatSnapshot(snapshotOf({ grants: [grantOf({ createdOn: takenOn })] }))),
    );
    expect(sites[0]!.findings.map(({ id, status }) => `${id} ${status}`)).toEqual(['C1 warn']);
  });
});

describe('what is no snapshot of this version is refused, with words', () => {
  const healthy = snapshotOf();
  const saved = formatSnapshot(healthy);
  const changed = (changes: object) => JSON.stringify({ ...healthy, ...changes });
  test.each<[name: string, text: string, says: string]>([
    ['an empty file', '', 'no JSON'],
    ['a file that is cut off', saved.slice(0, -200), 'cut off'],
    ['bytes', '\0\x01\u{fffd}', 'no JSON'],
    ['another document', '{"name":"x"}', 'no snapshot of acrpull'],
    ['null', 'null', 'no snapshot of acrpull'],
    ['a report', JSON.stringify(judge(healthy)), 'no snapshot of acrpull'],
    ['deep nesting', `${'['.repeat(200_000)}${']'.repeat(200_000)}`, 'no snapshot of acrpull'],
    ['a newer version', changed({ schema: 'acrpull.snapshot/2' }), 'format 2'],
    ['something that is missing', changed({ sites: undefined }), "must have required property 'sites'"],
    ['a time with a comment', changed({ takenOn: '2026-01-01T12:00:00Z (<b>)' }), 'format "date-time"'],
    ['something that is wrong', changed({ takenOn: 'today' }), '/takenOn must match format "date-time"'],
    [
      'half a fact',
      changed({ loginServers: { known: true } }),
      "/loginServers must have required property 'value'",
    ],
    ['what nobody knows', changed({ secret: 'x' }), 'must NOT have additional properties: secret'],
    ['__proto__', saved.replace('{', '{"__proto__": {"known": true},'), 'additional properties: __proto__'],
  ])('%s', async (_, text, says) => {
    const refused = await parse(text).catch((error) => error);
    expect(refused).toBeInstanceOf(Failure);
    expect(refused.message).toContain(says);
    expect(refused).toMatchObject({ resource: 'saved.json', next: expect.any(String) });
  });
});

describe('a file that is none to read is refused, with words', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'saved-snapshot-'));
    await writeFile(join(folder, 'huge'), '');
    await truncate(join(folder, 'huge'), 2 ** 40); // Takes no room on the disk.
  });
  afterAll(() => rm(folder, { recursive: true }));

  test.each([
    ['no-such-file', 'ENOENT'],
    ['.', 'This is no file.'],
    ['huge', 'too large'],
  ])('%s', async (name, says) => {
    const file = join(folder, name);
    await expect(readSnapshot(file)).rejects.toThrow(says);
    await expect(readSnapshot(file)).rejects.toMatchObject({ resource: file });
  });
});

test('a key that every object inherits is no fact', async () => {
  const site = {
    identity: { type: 'SystemAssigned', systemAssigned: { principalId: 'constructor' }, userAssigned: [] },
  };
  const snapshot = await parse(formatSnapshot(snapshotOf({ site })));
  const { registries, manifests, webhooks, grants, userAssignedIdentities } = snapshot;
  for (const map of [registries, manifests, webhooks, grants, userAssignedIdentities])
    expect(map.constructor).toBeUndefined();
});

/** Every place in a document, as a path of keys. */
const places = (value: unknown, path: string[] = []): string[][] => {
  const inner = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  return [path, ...inner.flatMap(([key, item]) => places(item, [...path, key]))];
};

test('whatever is changed in a file, it is judged or refused, and nothing breaks', async () => {
  const documents = snapshots.map(([, changes]) => formatSnapshot(snapshotOf(changes)));
  const change = fc.record({
    document: fc.constantFrom(...documents),
    place: fc.nat(),
    value: fc.oneof(
      fc.constant(undefined),
      fc.string(),
      fc.constantFrom('constructor', '__proto__'),
      fc.jsonValue(),
    ),
  });
  const property = fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 3 }), async (changes) => {
    const document = JSON.parse(changes[0]!.document);
    for (const { place, value } of changes) {
      const all = places(document).slice(1);
      const path = all[place % all.length]!;
      const holder = path.slice(0, -1).reduce((inner, key) => inner[key], document);
      holder[path.at(-1)!] = value;
    }
    const read = await parse(JSON.stringify(document)).catch((error) => error);
    if (read instanceof Failure) return;
    expect(judge(read)).toMatchObject({ schema: 'acrpull.report/1' });
  });
  await fc.assert(property, { numRuns: 1000 });
});
