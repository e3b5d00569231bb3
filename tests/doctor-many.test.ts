import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Setting, startSetting } from './causes/setting.ts';
import { acrpullBin } from './local-azure.ts';

// `doctor` for many apps over the wire: which are meant, what is said of them, and what is left of a run that was
// interrupted.

let setting: Setting;
let stateHome: string;
const broken = 'many-broken';

beforeAll(async () => {
  setting = await startSetting();
  stateHome = await mkdtemp(join(tmpdir(), 'state-'));
  setting.azure.env.XDG_STATE_HOME = stateHome;
  for (const name of ['many-1', 'many-2', broken]) await setting.healthySite(name);
  const [site] = [`${setting.group}/providers/Microsoft.Web/sites/${broken}`];
  await setting.configure(site, { acrUseManagedIdentityCreds: false });
});
afterAll(async () => {
  await setting?.stop();
  await rm(stateHome, { recursive: true, force: true });
});

const lines = (stdout: string) =>
  stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

test('a group: the summary by causes, details of what is broken, and exit code 1', async () => {
  const { code, stdout } = await setting.azure.acrpull('doctor', '-g', 'blog');
  expect(stdout).toContain('4 apps, 5 sites in all');
  expect(stdout).toContain('2 sites: all links hold');
  expect(stdout).toMatch(/ 1 {2}A1 {3}acrUseManagedIdentityCreds is off/);
  expect(stdout).toMatch(/ 2 {2}B1 /);
  expect(stdout).toContain(`Next: acrpull fix ${broken}`);
  expect(stdout).not.toContain('many-1');
  expect(code).toBe(1);
});

test.each([
  ['every subscription', ['--all'], 4],
  ['a subscription', ['--subscription', 'own'], 4],
  ['several apps', ['many-1', 'many-2'], 2],
])('%s, as JSON: a line for each app', async (_, args, count) => {
  const own = args.map((it) => (it === 'own' ? setting.azure.subscriptionId : it));
  const { code, stdout } = await setting.azure.acrpull('doctor', ...own, '--json');
  const reports = lines(stdout);
  expect(reports).toHaveLength(count);
  expect(reports.every(({ schema }) => schema === 'acrpull.report/1')).toBe(true);
  expect(code).toBe(reports.every(({ ok }) => ok) ? 0 : 1);
});

test('other forms hold all of the apps, also in a file', async () => {
  const file = join(stateHome, 'many.sarif');
  const { stdout } = await setting.azure.acrpull('doctor', '-g', 'blog', '--format', 'sarif', '-o', file);
  expect(stdout).toBe('');
  const { runs } = JSON.parse(await readFile(file, 'utf8'));
  const ruleIds = runs[0].results.map(({ ruleId }: { ruleId: string }) => ruleId);
  expect(ruleIds).toEqual(expect.arrayContaining(['A1', 'B1']));
});

test.each([
  ['--swap', 'staging'],
  ['--target-slot', 'production'],
  ['--save', 'many.json'],
  ['--watch', '10'],
])('%s is refused', async (option, value) => {
  const { code, stderr } = await setting.azure.acrpull('doctor', '-g', 'blog', option, value);
  expect(stderr).toContain(`${option} is about one app.`);
  expect(code).toBe(2);
});

test('nobody is asked about all of Azure by accident', async () => {
  const { code, stderr } = await setting.azure.acrpull('doctor');
  expect(stderr).toContain('--subscription <id>, --all');
  expect(code).toBe(2);
});

test('a run that was killed loses nothing: the next one goes on, and leaves nothing behind', async () => {
  const { azure } = setting;
  await azure.setFaults(`resource-manager-delay,site=${broken},delay=30s`);
  const first = spawn(process.execPath, [acrpullBin, 'doctor', '-g', 'blog', '--json'], { env: azure.env });
  let read = 0;
  for await (const chunk of first.stdout) {
    read += String(chunk).split('\n').length - 1;
    if (read === 3) break;
  }
  first.kill('SIGKILL');
  await azure.setFaults();
  const { stdout, stderr } = await azure.acrpull('doctor', '-g', 'blog', '--json');
  expect(stderr).toContain('resumed 3 of 4');
  expect(lines(stdout)).toHaveLength(4);
  expect(await readdir(join(stateHome, 'acrpull/surveys'))).toEqual([]);
});

test('Ctrl-C says how to go on, and --fresh does not', async () => {
  const { azure } = setting;
  await azure.setFaults(`resource-manager-delay,site=${broken},delay=30s`);
  const first = spawn(process.execPath, [acrpullBin, 'doctor', '-g', 'blog'], { env: azure.env });
  const exited = once(first, 'exit');
  let says = '';
  first.stderr.on('data', (chunk) => {
    says += chunk;
    if (String(chunk).includes('waiting for 1 of 4')) first.kill('SIGINT');
  });
  expect(await exited).toEqual([130, null]);
  expect(says).toContain('3 of 4 apps were read. The same command goes on from there');
  await azure.setFaults();
  expect((await azure.acrpull('doctor', '-g', 'blog', '--fresh')).stderr).not.toContain('resumed');
});

test('a Resource Manager that lets few calls through is waited for, and nothing is missing', async () => {
  const { azure } = setting;
  await azure.setFaults('resource-manager-throttling,bucket=10,refill=40');
  const { stdout } = await azure.acrpull('doctor', '-g', 'blog', '--json');
  const reports = lines(stdout);
  expect(reports).toHaveLength(4);
  expect(reports.filter(({ ok }) => ok)).toHaveLength(2);
  expect(JSON.stringify(reports)).not.toContain('Throttled');
  await azure.setFaults();
});

test('calls share connections, through a proxy too', async () => {
  const { azure } = setting;
  let connections = 0;
  const relay = createServer((near) => {
    connections += 1;
    const far = connect(Number(new URL(azure.env.HTTPS_PROXY!).port), '127.0.0.1');
    near.on('error', () => {}).pipe(far);
    far.on('error', () => {}).pipe(near);
  });
  await once(relay.listen(0, '127.0.0.1'), 'listening');
  const { port } = relay.address() as AddressInfo;
  const { code } = await azure.run(process.execPath, [acrpullBin, 'doctor', 'many-1'], {
    env: { HTTPS_PROXY: `http://127.0.0.1:${port}` },
  });
  relay.close();
  expect(code).toBe(0);
  // Twenty calls: two to Entra, the rest to Resource Manager and the registry, the most at once being eight.
  expect(connections).toBeLessThanOrEqual(11);
});
