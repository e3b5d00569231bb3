import { runInThisContext } from 'node:vm';
import { WebSiteManagementClient } from '@azure/arm-appservice';
import { AuthorizationManagementClient } from '@azure/arm-authorization';
import { ContainerRegistryManagementClient } from '@azure/arm-containerregistry';
import { ManagedServiceIdentityClient } from '@azure/arm-msi';
import {
  ContainerRegistryClient,
  ContainerRegistryContentClient,
  KnownContainerRegistryAudience,
} from '@azure/container-registry';
import { DefaultAzureCredential } from '@azure/identity';

// The program of `startSdk`: the SDKs' clients, as any program makes them, and what the test asks of them.

export type SdkClients = ReturnType<typeof connect>;

/** What a test asks: a function by its text, and its argument. */
export interface SdkCall {
  id: number;
  code: string;
  argument: unknown;
}

export type SdkAnswer = { id: number } & ({ value: unknown } | { failed: SdkFailure });

export interface SdkFailure {
  name: string;
  message: string;
  code: unknown;
  statusCode: unknown;
}

function connect() {
  const credential = new DefaultAzureCredential();
  const subscription = process.env.AZURE_SUBSCRIPTION_ID!;
  const options = { audience: KnownContainerRegistryAudience.AzureResourceManagerPublicCloud };
  return {
    web: new WebSiteManagementClient(credential, subscription),
    registries: new ContainerRegistryManagementClient(credential, subscription),
    authorization: new AuthorizationManagementClient(credential, subscription),
    identities: new ManagedServiceIdentityClient(credential, subscription),
    registry: (host: string) => new ContainerRegistryClient(`https://${host}`, credential, options),
    repository: (host: string, name: string) =>
      new ContainerRegistryContentClient(`https://${host}`, name, credential, options),
    /** All of a list, which the SDKs read page by page. */
    async all<Item>(list: AsyncIterable<Item>): Promise<Item[]> {
      const items = [];
      for await (const item of list) items.push(item);
      return items;
    },
  };
}

const clients = connect();
const send = (answer: SdkAnswer) => process.send!(answer);

process.on('message', async ({ id, code, argument }: SdkCall) => {
  try {
    const value = await runInThisContext(`(${code})`)(clients, argument);
    send({ id, value });
  } catch (error) {
    const { name, message, code, statusCode } = error as SdkFailure;
    send({ id, failed: { name, message, code, statusCode } });
  }
});
