import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type AdminRegistry, createAdminRegistry } from '../admin-registry.ts';
import { goInstall, skipNote } from '../go-programs.ts';
import { type LocalAzureProcess, startLocalAzure } from '../local-azure.ts';

// The suite of the OCI itself. Its settings: conformance/README.md of opencontainers/distribution-spec.
const suite = await goInstall(
  'github.com/opencontainers/distribution-spec/conformance@v0.0.0-20260831232431-97274622c111',
);
afterAll(suite.remove);

/** What the suite may leave out, and why. Whatever else it leaves out fails the test. */
const leftOut: Record<string, string> = {
  // Of none of its four workflows, and off unless OCI_DATA_SPARSE asks for it.
  // Source of what ACR does: Azure/azure-sdk-for-net issue 28053.
  'Sparse Manifests': 'as ACR does, the registry refuses a manifest while something that it names is missing',
};

describe.skipIf(suite.lacking)(`OCI distribution conformance${skipNote(suite.lacking)}`, () => {
  let azure: LocalAzureProcess;
  let registry: AdminRegistry;
  let results: string;

  beforeAll(async () => {
    results = await mkdtemp(join(tmpdir(), 'oci-conformance-'));
    azure = await startLocalAzure({ args: ['--engine', 'none'] });
    registry = await createAdminRegistry(azure);
  });
  afterAll(async () => {
    await azure?.stop();
    await rm(results, { recursive: true, force: true });
  });

  test('pull, push, content discovery and content management pass', async () => {
    const { code, stdout, stderr } = await azure.run(suite.path, [], {
      env: {
        // 1.1, and more: cancelled uploads, digest headers everywhere, tags as parameters.
        OCI_VERSION: 'dev',
        OCI_REGISTRY: registry.host,
        OCI_USERNAME: registry.username,
        OCI_PASSWORD: registry.password,
        OCI_RESULTS_DIR: results,
      },
    });
    const report = await readFile(join(results, 'junit.xml'), 'utf8').catch(() => '');
    const failed = [...report.matchAll(/<testcase name="([^"]*)"[^>]* status="(?:failure|error)"/g)];
    expect(
      failed.map(([, name]) => name),
      stderr,
    ).toEqual([]);
    expect(code, stdout + stderr).toBe(0);

    // `  Blob upload cancel............:       Pass`
    const outcomes = [...stdout.matchAll(/^ {2}(\w[^.\n]*)\.+: +(\w+)$/gm)].map(([, name, outcome]) => ({
      name: name!,
      outcome: outcome!,
    }));
    const count = Object.fromEntries(outcomes.map(({ name, outcome }) => [name, Number(outcome)]));
    expect(count).toMatchObject({ FAIL: 0, Error: 0, Disabled: 0 });
    expect(count.Pass).toBeGreaterThan(900);
    const areas = outcomes.filter(({ outcome }) => !/^\d+$/.test(outcome));
    expect(areas.filter(({ outcome }) => outcome !== 'Pass').map(({ name }) => name)).toEqual(
      Object.keys(leftOut),
    );
  });
});
