import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { acrpullBin, type LocalAzureProcess, startLocalAzure } from './local-azure.ts';

// What doctor prints and keeps of a real run: an app whose slots cannot pull yet.

let azure: LocalAzureProcess;
let folder: string;
let saved: string;
/** What doctor said when it saved. */
let now: Awaited<ReturnType<LocalAzureProcess['acrpullJson']>>;

beforeAll(async () => {
  azure = await startLocalAzure();
  folder = await mkdtemp(join(tmpdir(), 'doctor-outputs-'));
  saved = join(folder, 'hoge-app.json');
  await azure.setUpStory();
  now = await azure.acrpullJson('doctor', 'hoge-app', '--save', saved);
});
afterAll(async () => {
  await azure?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** A schema that the package ships. */
const published = async (name: string) =>
  JSON.parse(await readFile(new URL(`../packages/acrpull/schema/${name}.json`, import.meta.url), 'utf8'));

describe('a snapshot that is saved', () => {
  test('is for its owner alone, as the published schema says, and is judged alike without Azure', async () => {
    expect(now.code).toBe(1);
    expect((await stat(saved)).mode & 0o777).toBe(0o600);
    const ajv = new Ajv({ formats: { 'date-time': true } });
    expect(ajv.validate(await published('snapshot-1'), JSON.parse(await readFile(saved, 'utf8')))).toBe(true);
    expect(ajv.validate(await published('report-1'), now.result), ajv.errorsText()).toBe(true);
    const later = await azure.acrpullJson('doctor', '--from', saved);
    expect(later).toEqual(now);
  });

  test.each<[name: string, args: string[], says: string]>([
    ['not there', ['--from', 'no-such-file'], 'ENOENT'],
    ['none of ours', ['--from', 'package.json'], 'no snapshot of acrpull'],
    ['of another app', ['hoge-app', '--from', 'x'], 'name no other'],
    ['not to be written', ['hoge-app', '--save', '/no/such/folder/x'], 'cannot be written'],
    ['judged on Azure', ['--from', 'x', '--azure'], 'cannot be used with'],
    ['of no app', [], 'Which apps?'],
  ])('%s: exit code 2 and a word', async (_, args, says) => {
    const { code, stdout, stderr } = await azure.acrpull('doctor', ...args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(says);
  });

  test('and is cut off: exit code 2 and a word', async () => {
    const half = join(folder, 'half.json');
    await writeFile(half, (await readFile(saved, 'utf8')).slice(0, 1000));
    const { code, stderr } = await azure.acrpull('doctor', '--from', half);
    expect(code).toBe(2);
    expect(stderr).toContain('cut off');
  });
});

test.each([
  ['sarif', '"version": "2.1.0"'],
  ['html', '<h2>hoge-app/staging</h2>'],
  ['text', 'hoge-app/staging  slot staging'],
])('--format %s -o writes a file, in place of an older one', async (format, says) => {
  const file = join(folder, 'result');
  const { code, stdout, stderr } = await azure.acrpull(
    'doctor',
    '--from',
    saved,
    '--format',
    format,
    '-o',
    file,
  );
  expect([code, stdout, stderr]).toEqual([1, '', '']);
  expect(await readFile(file, 'utf8')).toContain(says);
});

describe('--watch', () => {
  /** A watch that has told of its first look. */
  async function startWatch() {
    const child = spawn(process.execPath, [acrpullBin, 'doctor', 'hoge-app', '--watch', '0.5'], {
      env: azure.env,
    });
    let text = '';
    child.stdout.on('data', (chunk) => {
      text += chunk;
    });
    const exited = once(child, 'exit');
    await once(child.stderr, 'data');
    return { child, text: () => text, exitCode: async () => (await exited)[0] };
  }

  test('Ctrl-C ends it with the exit code of what was seen last', async () => {
    const { child, text, exitCode } = await startWatch();
    child.kill('SIGINT');
    expect(await exitCode()).toBe(1);
    expect(text()).toContain('2 of 2 sites cannot pull.');
  });

  test('tells what is mended meanwhile, and ends with 0 once all links hold', async () => {
    const { text, exitCode } = await startWatch();
    expect((await azure.acrpull('fix', 'hoge-app', '--yes')).code).toBe(0);
    expect(await exitCode()).toBe(0);
    expect(text()).toMatch(/✔ hoge-app {2}identity holds now: /);
    expect(text()).toMatch(/✔ hoge-app\/staging {2}flag holds now: /);
    expect(text()).toContain('All links hold in 2 sites.');
  });
});
