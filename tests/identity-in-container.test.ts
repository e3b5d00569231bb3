import { afterAll, beforeAll, describe, test } from 'vitest';
import { whyNoNamespaces } from '../packages/local-azure/src/app-service/engines/linux/probe.ts';
import { proveIdentity } from './identity-app.ts';
import { type LocalAzureProcess, startLocalAzure } from './local-azure.ts';

const missing = process.env.CI ? undefined : await whyNoNamespaces();

describe.skipIf(missing)(`an app in a Linux container${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let azure: LocalAzureProcess;
  beforeAll(async () => {
    azure = await startLocalAzure({ args: ['--engine', 'linux'] });
  });
  afterAll(() => azure?.stop());

  test('gets tokens of its managed identity by @azure/identity, DefaultAzureCredential too', () =>
    proveIdentity(azure));
});
