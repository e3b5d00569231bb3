import { request } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type LocalAzureProcess, startLocalAzure } from './local-azure.ts';

// Azure is late, busy, down or breaks off, as it is asked to: the tool waits and asks again, or says what happened.

let azure: LocalAzureProcess;
beforeAll(async () => {
  azure = await startLocalAzure({ args: ['--fault', 'slow-pull,rate=100MB', '--fault', 'token-cache'] });
  await azure.setUpStory();
});
afterAll(() => azure?.stop());

describe('local-azure faults', () => {
  test('lists, adds and clears, for people and for programs', async () => {
    const started = JSON.parse((await azure.localAzure('faults', 'list', '--json')).stdout);
    expect(started).toMatchObject([
      { id: '1', fault: 'slow-pull,rate=100MB', struck: expect.any(Number), state: 'in force' },
      { id: '2', fault: 'token-cache', struck: 0, state: 'in force' },
    ]);
    const added = await azure.localAzure(
      'faults',
      'add',
      'registry-outage,registry=hoge,for=0s',
      'entra-delay,in=1h',
    );
    expect(added.stdout.split(/ *\n/)).toEqual([
      'ID  STATE    STRUCK  FAULT',
      '3   over     0       registry-outage,registry=hoge,for=0s',
      '4   waiting  0       entra-delay,in=1h',
      '',
    ]);
    expect((await azure.localAzure('status')).stdout).toContain('Faults        slow-pull,rate=100MB\n');
    expect((await azure.localAzure('faults', 'clear', '3')).stdout).toBe(
      'Cleared registry-outage,registry=hoge,for=0s\n',
    );
    expect(JSON.parse((await azure.localAzure('faults', 'clear', '--json')).stdout)).toHaveLength(3);
    expect((await azure.localAzure('faults', 'list')).stdout).toBe('No fault is set.\n');
  });

  test('says what there is when a fault is written wrongly, and sets none of them', async () => {
    const unknown = await azure.localAzure('faults', 'add', 'entra-delay', 'registry-outrage');
    expect(unknown).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('There are: role-assignment-delay,'),
    });
    const misspelled = await azure.localAzure('faults', 'add', 'registry-outage,until=30s');
    expect(misspelled).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('It has: answer, registry, host, in,'),
    });
    expect(await azure.localAzure('faults', 'clear', '99')).toMatchObject({ code: 1 });
    expect((await azure.localAzure('faults', 'list')).stdout).toBe('No fault is set.\n');
    const started = await azure.localAzure('start', '--fault', 'registry-outage,for=30');
    expect(started).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('for: it must be a time with its unit'),
    });
  });

  test('a page of the web whose name leads to this machine is let near nothing', async () => {
    const { port } = new URL(azure.env.HTTPS_PROXY!);
    const headers = {
      host: `evil.example:${port}`,
      authorization: `Bearer ${azure.env.AZURE_CLIENT_SECRET}`,
    };
    const status = await new Promise((resolve, reject) => {
      const sent = request({ port, path: '/faults', headers }, (response) =>
        resolve(response.resume().statusCode),
      );
      sent.on('error', reject).end();
    });
    expect(status).toBe(421);
  });
});

describe('acrpull doctor', () => {
  afterEach(() => azure.setFaults());

  test.each([
    'resource-manager-throttling,count=2,retry-after=1s',
    'resource-manager-outage,count=1',
    'resource-manager-cut,count=1',
    'resource-manager-delay,delay=100ms',
    'entra-outage,count=1',
    'entra-delay,delay=1s',
  ])('%s: it waits, and finds what it finds', async (fault) => {
    await azure.setFaults(fault);
    const { code, result } = await azure.acrpullJson('doctor', 'hoge-app');
    expect(result.sites?.map((site: { firstBroken: string }) => site.firstBroken)).toEqual([
      'identity',
      'identity',
    ]);
    expect(code).toBe(1);
  });

  test.each([
    ['resource-manager-throttling,retry-after=2m', "Please try again after '120' seconds", 'wait as long as'],
    ['resource-manager-outage', 'The service is unavailable', 'run the command again'],
    ['resource-manager-cut', 'broke off in the middle of the answer', 'run the command again'],
    ['entra-outage', 'Entra ID could not sign in: AADSTS90033', 'run the command again'],
  ])('%s: it says so, and ends with 2', async (fault, says, next) => {
    await azure.setFaults(fault);
    const { code, stdout, stderr } = await azure.acrpull('doctor', 'hoge-app');
    expect(stderr).toContain(says);
    expect(stderr).toContain(next);
    expect([code, stdout]).toEqual([2, '']);
  });

  test('a registry that is busy has not refused anybody', async () => {
    await azure.setFaults('registry-throttling,limit=0,retry-after=2m');
    const { result } = await azure.acrpullJson('doctor', 'hoge-app');
    const manifest = result.sites[0].findings.find((finding: { id: string }) => finding.id === 'E1');
    expect(manifest).toMatchObject({ status: 'unknown' });
    expect(JSON.stringify(manifest)).toContain('TOOMANYREQUESTS');
    expect(JSON.stringify(manifest)).not.toContain('pull/read');
  });
});

test('acrpull verify waits for a grant to propagate, and proves the pull', async () => {
  await azure.setFaults('role-assignment-delay,delay=8s,registry=hoge');
  expect((await azure.acrpull('fix', 'hoge-app', '--yes')).code).toBe(0);
  const { code, result } = await azure.acrpullJson('verify', 'hoge-app', '--timeout', '60');
  for (const { outcome, attempts } of result.sites) {
    expect(outcome).toMatchObject({ kind: 'serving' });
    expect(attempts).toBeGreaterThan(1);
  }
  expect(code).toBe(0);
});
