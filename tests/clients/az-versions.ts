import { expect } from 'vitest';
import type { LocalAzureProcess } from '../local-azure.ts';
import { forkAz } from './az-forks.ts';

export interface AzVersion {
  name: string;
  program: string;
  /** The article's `hoge` is a letter too short for Azure; the current az knows that and refuses it itself. */
  registryName: string;
  /** How `az webapp create` takes the image. */
  imageOption: string;
  /**
   * Debian's package pairs az 2.45 with an SDK that it was not made for, and every `az role …` command dies in it
   * before any request is sent ("'RoleAssignmentsOperations' object has no attribute 'config'").
   */
  roleCommands: boolean;
  /**
   * Before it opens the log stream, the current `az webapp log tail` asks the site in a way that no proxy setting
   * reaches (urllib3's plain pool in `ping_site`), so that it fails behind any proxy.
   */
  tailsThroughProxy: boolean;
  /** Whether commands on a site's Kudu sign in with Entra ID where basic authentication is off: as of 2.48. */
  fallsBackToEntra: boolean;
  /** Whether it has `az webapp troubleshoot status`. */
  troubleshoots: boolean;
  /** How `az webapp config container set` takes the image, and what it takes of its registry: `…-url`, `-user`, `-password`. */
  containerImageOption: string;
  registryOption: string;
}

const current = process.env.AZ_CURRENT;
const debian: AzVersion = {
  name: "Debian's az",
  program: 'az',
  registryName: 'hoge',
  imageOption: '--deployment-container-image-name',
  roleCommands: false,
  tailsThroughProxy: true,
  fallsBackToEntra: false,
  troubleshoots: false,
  containerImageOption: '--docker-custom-image-name',
  registryOption: '--docker-registry-server',
};
const newest: AzVersion = {
  name: 'the current az',
  program: current ?? '',
  registryName: 'hogehoge',
  imageOption: '--container-image-name',
  roleCommands: true,
  tailsThroughProxy: false,
  fallsBackToEntra: true,
  troubleshoots: true,
  containerImageOption: '--container-image-name',
  registryOption: '--container-registry',
};

/** Debian's az, and the current one where `AZ_CURRENT` says where it is. */
export const azVersions = current ? [debian, newest] : [debian];

/** Runs `az` and parses what it prints; fails with what it says on stderr. */
// biome-ignore lint/suspicious/noExplicitAny: what is asserted of it is the test's business.
export async function runAz(azure: LocalAzureProcess, program: string, args: string[]): Promise<any> {
  const { code, stdout, stderr } = await forkAz(azure, program, args);
  expect(code, `az ${args.join(' ')}\n${stderr}`).toBe(0);
  return stdout.trim() === '' ? undefined : JSON.parse(stdout);
}

/** What `az` says on stderr when it is refused; fails when it is not. */
export async function refusalOfAz(
  azure: LocalAzureProcess,
  program: string,
  args: string[],
): Promise<string> {
  const { code, stderr } = await forkAz(azure, program, args);
  expect(code, `az ${args.join(' ')} was not refused`).not.toBe(0);
  return stderr;
}

/** Signs in as the service principal that owns the subscription. */
export async function signIn(azure: LocalAzureProcess, program: string): Promise<void> {
  const { AZURE_CLIENT_ID: id, AZURE_CLIENT_SECRET: secret, AZURE_TENANT_ID: tenant } = azure.env;
  await runAz(azure, program, [
    ...['login', '--service-principal', '-u', id!, '-p', secret!, '--tenant', tenant!],
  ]);
}
