import { execFile, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { fastTime } from './fast-time.ts';

/** vitest asks its children for colour; what is tested here is what pipes get. */
const { FORCE_COLOR: _, ...environment } = process.env;

const program = (path: string) => fileURLToPath(new URL(`../packages/${path}`, import.meta.url));
export const acrpullBin = program('acrpull/bin/acrpull.js');

export interface Ran {
  code: number;
  stdout: string;
  stderr: string;
}

/** A local Azure as a process of its own, in a folder of its own, with everything that a test runs under its settings. */
export interface LocalAzureProcess {
  env: NodeJS.ProcessEnv;
  pid: number;
  dataDir: string;
  subscriptionId: string;
  /** Runs any client under the local Azure's settings. */
  run(
    command: string,
    args: string[],
    options?: { env?: NodeJS.ProcessEnv; timeoutMs?: number },
  ): Promise<Ran>;
  /** Runs `local-azure` on its folder. */
  localAzure(...args: string[]): Promise<Ran>;
  /** Runs `acrpull` as a user would. */
  acrpull(...args: string[]): Promise<Ran>;
  /** `acrpull … --json`, parsed. */
  // biome-ignore lint/suspicious/noExplicitAny: what is asserted of it is the test's business.
  acrpullJson(...args: string[]): Promise<{ code: number; result: any }>;
  /** Sets faults, in place of those that are set. */
  setFaults(...faults: string[]): Promise<void>;
  /** Makes the registry, the image, the app and its slot of the demo's story. */
  setUpStory(): Promise<void>;
  /** The same, repaired by `acrpull fix`: both sites may pull. */
  setUpMendedStory(): Promise<void>;
  /** What it has written to stderr so far. */
  log(): string;
  /** Does something before it stops. */
  onStop(work: () => Promise<void>): void;
  /** Ends it as a power cut would, and keeps the folder. */
  kill(): Promise<void>;
  stop(): Promise<void>;
}

export interface StartOptions {
  /** A folder of an earlier instance, to start on again. */
  dataDir?: string;
  /** More options of `local-azure start`. */
  args?: string[];
  /** Runs before the program itself, such as `unshare …`. */
  prefix?: string[];
  /** How many times faster its time runs. */
  timesFaster?: number;
}

export async function startLocalAzure(options: StartOptions = {}): Promise<LocalAzureProcess> {
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'local-azure-test-')));
  const bin = program('local-azure/bin/local-azure.js');
  const [command, ...args] = [
    ...(options.prefix ?? []),
    process.execPath,
    ...(options.timesFaster ? ['--import', fastTime(options.timesFaster)] : []),
    ...[bin, 'start', '--data-dir', dataDir, '--port', '0', '--json', '--propagation', '0'],
    '--until-input-ends', // Also when this process is killed.
    ...(options.args ?? []),
  ];
  const child = spawn(command!, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  let log = '';
  const beforeStop: (() => Promise<void>)[] = [];
  child.stderr.on('data', (chunk) => {
    log += chunk;
  });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const ready = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', resolve);
    void exited.then(() => reject(new Error(`local-azure did not start: ${log}`)));
  });
  if (!('port' in JSON.parse(ready))) throw new Error(`local-azure did not start: ${ready}`);
  const settings = await execute(
    process.execPath,
    [bin, 'env', '--json', '--data-dir', dataDir],
    process.env,
  );
  const env: NodeJS.ProcessEnv = {
    ...environment,
    ...JSON.parse(settings.stdout),
    XDG_STATE_HOME: join(dataDir, 'state'),
  };
  const run: LocalAzureProcess['run'] = (command, args, { env: more, timeoutMs } = {}) =>
    execute(command, args, { ...env, ...more }, timeoutMs);
  const localAzure = (...args: string[]) => run(process.execPath, [bin, ...args, '--data-dir', dataDir]);
  const acrpull = (...args: string[]) => run(process.execPath, [acrpullBin, ...args]);
  const setUpStory = async () => {
    const { code, stdout, stderr } = await run(process.execPath, [program('acrpull/dist/demo/set-up.js')]);
    if (code !== 0) throw new Error(`the set-up failed:\n${stdout}${stderr}`);
  };
  return {
    env,
    pid: child.pid!,
    dataDir,
    subscriptionId: env.AZURE_SUBSCRIPTION_ID!,
    run,
    localAzure,
    acrpull,
    acrpullJson: async (...args) => {
      const { code, stdout, stderr } = await acrpull(...args, '--json');
      if (stdout === '') throw new Error(`acrpull ${args.join(' ')} printed nothing: ${stderr}`);
      return { code, result: JSON.parse(stdout) };
    },
    setFaults: async (...faults) => {
      const headers = {
        authorization: `Bearer ${env.AZURE_CLIENT_SECRET}`,
        'content-type': 'application/json',
      };
      const send = async (method: string, body?: string) => {
        const answer = await fetch(`${env.HTTPS_PROXY}/faults`, { method, headers, ...(body && { body }) });
        if (!answer.ok) throw new Error(`${method} /faults: ${await answer.text()}`);
      };
      await send('DELETE');
      for (const fault of faults) await send('POST', JSON.stringify({ fault }));
    },
    setUpStory,
    setUpMendedStory: async () => {
      await setUpStory();
      const { code, stdout, stderr } = await acrpull('fix', 'hoge-app', '--yes');
      if (code !== 0) throw new Error(`fix ended with ${code}:\n${stdout}${stderr}`);
    },
    log: () => log,
    kill: async () => {
      child.kill('SIGKILL');
      await exited;
    },
    onStop: (work) => void beforeStop.push(work),
    stop: async () => {
      for (const work of beforeStop) await work();
      child.stdin.end();
      await exited;
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

function execute(command: string, args: string[], env: NodeJS.ProcessEnv, timeoutMs = 120_000): Promise<Ran> {
  return new Promise((resolve) => {
    execFile(command, args, { env, timeout: timeoutMs, maxBuffer: 64 << 20 }, (error, stdout, stderr) => {
      const code = error ? (typeof error.code === 'number' ? error.code : -1) : 0;
      resolve({ code, stdout, stderr: code === -1 ? `${stderr}${error?.message}` : stderr });
    });
  });
}
