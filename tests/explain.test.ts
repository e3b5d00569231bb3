import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import { acrpullBin, startLocalAzure } from './local-azure.ts';
import { containerLog } from './resource-manager.ts';

// explain as a process that has nothing but a log, such as the local Azure's own of the story's first pull.

const folder = mkdtempSync(join(tmpdir(), 'explain-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Nobody answers there: what it says it knows from the log. */
const { FORCE_COLOR: _, ...environment } = process.env;
const env = { ...environment, HTTPS_PROXY: 'http://127.0.0.1:9', LOCAL_AZURE_DATA_DIR: folder };

function explain(args: string[], input: string | Buffer = '') {
  const { status, stdout, stderr } = spawnSync(process.execPath, [acrpullBin, 'explain', ...args], {
    input,
    env,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}
function file(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

describe.concurrent.each(['old', 'new'])(
  'the log that the article’s author saw, by the %s worker',
  (generation) => {
    test('is answered with what was wrong, and where to look', async () => {
      const azure = await startLocalAzure({ args: ['--engine', 'none', '--worker-log', generation] });
      try {
        await azure.setUpStory();
        const app = `/subscriptions/${azure.subscriptionId}/resourceGroups/blog/providers/Microsoft.Web/sites/hoge-app`;
        const log = await containerLog(azure, `${app}/slots/staging`);
        const { status, stdout } = explain(['--json'], log);
        expect(status, stdout + log).toBe(1);
        const { sites } = JSON.parse(stdout);
        expect(sites).toMatchObject([
          {
            site: 'hoge-app/staging',
            attempts: 1,
            outcome: 'refused',
            image: 'hoge.azurecr.io/hello:0.1.0',
            isWhole: true,
          },
        ]);
        const [{ causes }] = sites;
        // What the story's author had forgotten: identity, role and flag.
        for (const id of ['B1', 'B2', 'A1']) {
          const cause = causes.find((it: { id: string }) => it.id === id);
          expect(cause).toMatchObject({ frequency: 'very common', page: `docs/causes/${id}.md` });
        }
        const text = explain([file(`${generation}.log`, `\ufeff${log.replaceAll('\n', '\r\n')}`)]);
        expect(text.stdout).toContain('acrpull doctor hoge-app says which it is');
        expect(text.status).toBe(1);
      } finally {
        await azure.stop();
      }
    });
  },
);

const refused =
  '2026-01-01T10:00:00.123Z ERROR - DockerApiException: Docker API responded with status code=NotFound, response={"message":"manifest for hoge.azurecr.io/app:9 not found: manifest unknown: manifest tagged by \\"9\\" is not found"}';

describe('takes', () => {
  test.each<[string, () => ReturnType<typeof explain>]>([
    ['a file', () => explain([file('docker.log', refused)])],
    ['several files', () => explain([file('a.log', 'nothing\n'), file('b.log', refused)])],
    ['standard input', () => explain([], refused)],
    ['standard input by its name', () => explain(['-'], refused)],
    ['a line', () => explain([refused])],
    ['a line without quotes', () => explain(refused.split(' '))],
    [
      'the text of PowerShell',
      () => explain([file('utf16.log', Buffer.from(`\ufeff${refused}\r\n`, 'utf16le'))]),
    ],
  ])('%s', (_, run) => {
    const { status, stdout, stderr } = run();
    expect(stderr).toBe('');
    expect(stdout).toContain('E1 ');
    expect(status).toBe(1);
  });

  test('a word, as the portal shows it', () => {
    const { status, stdout } = explain(['ImagePullUnauthorizedFailure']);
    expect(stdout).toContain('B2 ');
    expect(status).toBe(1);
  });

  test('a log in which all is well', () => {
    const well = 'Pulling image: a.azurecr.io/b:1.\nSite startup probe succeeded after 3 seconds.\n';
    expect(explain([], well)).toMatchObject({ status: 0, stdout: expect.stringContaining('✔ a site') });
  });
});

describe('cannot tell: exit code 2, and what to type next', () => {
  test.each<[string, () => ReturnType<typeof explain>, string[]]>([
    ['nothing', () => explain([]), ['says nothing of a pull', 'az webapp log tail']],
    ['the log of an app', () => explain([], 'hello\nworld\n'), ['says nothing of a pull']],
    [
      'binary junk',
      () => explain([file('junk', Buffer.from([...Array(70_000)].map((_, i) => (i * 37) % 256)))]),
      ['says nothing of a pull'],
    ],
    ['no such file', () => explain(['nosuch.log']), ['There is no file "nosuch.log"']],
    [
      'one file that is not there',
      () => explain([file('c.log', refused), 'nosuch.log']),
      ['There is no file "nosuch.log"'],
    ],
    ['a folder', () => explain([folder]), ['is a folder', `find ${folder} -name '*docker.log'`]],
    ['an archive', () => explain([file('l.zip', 'PK\u0003\u0004…')]), ['is packed', 'unzip -p']],
    [
      'a packed file',
      () => explain([file("app's l.gz", gzipSync(refused))]),
      ['is packed', `gunzip -c '${folder}/app'\\''s l.gz' | acrpull explain`],
    ],
    ['a log that ends too early', () => explain([], 'Pulling image: a.azurecr.io/b:1.\n'), []],
  ])('%s', (_, run, says) => {
    const { status, stderr } = run();
    for (const text of says) expect(stderr).toContain(text);
    expect(stderr).not.toContain('    at '); // no stack trace
    expect(status).toBe(2);
  });
});
