import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { skipNote } from '../go-programs.ts';
import { type LocalAzureProcess, startLocalAzure } from '../local-azure.ts';
import { missing } from '../tools.ts';

// A real browser: sites by their names on localhost and by Azure's through the proxy, the proxy's own page, and the
// page where users sign in.

const lacking = missing('chromium', 'certutil', 'az');

describe.skipIf(lacking)(`Chromium${skipNote(lacking && `no ${lacking} on this machine`)}`, () => {
  let azure: LocalAzureProcess;
  let port: string;

  beforeAll(async () => {
    azure = await startLocalAzure();
    port = new URL(azure.env.HTTPS_PROXY!).port;
    await azure.setUpStory();
    const fixed = await azure.acrpull('fix', 'hoge-app', '--yes');
    expect(fixed.code, fixed.stderr).toBe(0);
  });
  afterAll(() => azure?.stop());

  const launch = ({ args = [], home }: { args?: string[]; home?: string } = {}) =>
    chromium.launch({
      executablePath: '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-quic', '--disable-background-networking', ...args],
      env: { ...process.env, ...(home && { HOME: home }) } as Record<string, string>,
    });

  /** The user that the first start made. */
  async function firstUser(): Promise<{ userPrincipalName: string; userPassword: string }> {
    return JSON.parse(await readFile(join(azure.dataDir, 'credentials.json'), 'utf8'));
  }

  describe('without any settings', () => {
    let browser: Browser;
    let page: Page;
    beforeAll(async () => {
      browser = await launch();
      page = await browser.newPage();
    });
    afterAll(() => browser?.close());

    test("the proxy's own page leads to the sites, which wake up and answer", async () => {
      await page.goto(`http://127.0.0.1:${port}/`);
      expect(await page.title()).toBe('local-azure');
      expect(await page.locator('table').first().textContent()).toMatch(/hoge\.azurecr\.io127\.0\.0\.1:\d+/);
      await page.getByRole('link', { name: 'hoge-app-staging' }).click();
      expect(page.url()).toBe(`http://hoge-app-staging.localhost:${port}/`);
      expect(await page.locator('body').textContent()).toContain('Hello');
    });

    test('a user signs in for a program that waits', async () => {
      const { userPrincipalName, userPassword } = await firstUser();
      const az = spawn('az', ['login', '--use-device-code', '--query', '[].user.name', '-o', 'tsv'], {
        env: azure.env,
      });
      const exited = new Promise<number | null>((resolve) => az.once('exit', resolve));
      const [printed, said] = [collect(az.stdout), collect(az.stderr)];
      const told = () => /open the page (\S+) and enter the code (\S+)/.exec(said());
      await expect.poll(told, { timeout: 60_000 }).toBeTruthy();
      const [, address, code] = told()!;

      await page.goto(address!);
      await page.getByLabel('Code').fill(code!);
      await page.getByLabel('User name').fill(userPrincipalName);
      await page.getByLabel('Password').fill('wrong');
      await page.getByRole('button', { name: 'Sign in' }).click();
      expect(await page.getByRole('alert').textContent()).toContain('AADSTS50126');
      await page.getByLabel('Password').fill(userPassword);
      await page.getByRole('button', { name: 'Sign in' }).click();
      expect(await page.locator('h1').textContent()).toContain('signed in');
      expect(await exited, said()).toBe(0);
      expect(printed().trim()).toBe(userPrincipalName);
    });
  });

  describe('through the proxy, trusting its certificate authority', () => {
    let home: string;
    let browser: Browser;
    beforeAll(async () => {
      // Where Chromium looks for the authorities that its user trusts.
      home = await mkdtemp(join(tmpdir(), 'browser-home-'));
      const store = join(home, '.pki/nssdb');
      await mkdir(store, { recursive: true });
      const certutil = async (...args: string[]) => {
        const { code, stderr } = await azure.run('certutil', ['-d', `sql:${store}`, ...args]);
        expect(code, stderr).toBe(0);
      };
      await certutil('-N', '--empty-password');
      await certutil('-A', '-n', 'local-azure', '-t', 'C,,', '-i', azure.env.SSL_CERT_FILE!);
      browser = await launch({ args: [`--proxy-server=${azure.env.HTTPS_PROXY}`], home });
    });
    afterAll(async () => {
      await browser?.close();
      await rm(home, { recursive: true, force: true });
    });

    test("a site answers under Azure's own name, over TLS", async () => {
      const page = await browser.newPage();
      const response = await page.goto('https://hoge-app.azurewebsites.net/');
      expect(response!.status()).toBe(200);
      expect(await page.locator('body').textContent()).toContain('Hello');
      expect((await response!.securityDetails())?.issuer).toContain('local-azure');
    });

    test('a site that nobody made has no address', async () => {
      const page = await browser.newPage();
      await expect(page.goto('https://nosuch.azurewebsites.net/')).rejects.toThrow(
        /ERR_TUNNEL_CONNECTION_FAILED/,
      );
    });
  });
});

/** What a stream has said so far. */
function collect(stream: Readable): () => string {
  let text = '';
  stream.on('data', (chunk) => {
    text += chunk;
  });
  return () => text;
}
