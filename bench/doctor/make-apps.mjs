import { randomUUID } from 'node:crypto';

const web = '2023-12-01';
const acrPull = '7f951dda-4ed3-4680-a7ca-43fe172d538d';

/** Makes an app with three slots, one of which lacks the flag; resolves with its name. */
export async function makeAppWithSlots(azure) {
  const app = 'bench-slots';
  await makeSite(azure, app, { flag: true, grant: true });
  for (const slot of ['a', 'b', 'c'])
    await makeSite(azure, `${app}/slots/${slot}`, { flag: slot !== 'b', grant: true });
  return app;
}

/** Makes apps of which one in forty lacks the flag, and one in forty the grant; resolves with their names. */
export async function makeApps(azure, count) {
  const names = Array.from({ length: count }, (_, n) => `bench-${String(n).padStart(4, '0')}`);
  const waiting = names.entries();
  const worker = async () => {
    for (const [n, name] of waiting)
      await makeSite(azure, name, { flag: n % 40 !== 20, grant: n % 40 !== 39 });
  };
  await Promise.all(Array.from({ length: 16 }, worker));
  return names;
}

/** A site beside that of the demo, which pulls its image with an identity of its own. */
async function makeSite(azure, name, { flag, grant }) {
  const group = `${azure.subscription}/resourceGroups/blog`;
  const registry = `${group}/providers/Microsoft.ContainerRegistry/registries/hoge`;
  const { identity } = await azure.resource('PUT', `${group}/providers/Microsoft.Web/sites/${name}`, web, {
    location: 'japaneast',
    kind: 'app,linux,container',
    identity: { type: 'SystemAssigned' },
    properties: {
      serverFarmId: `${group}/providers/Microsoft.Web/serverfarms/hoge-plan`,
      siteConfig: {
        linuxFxVersion: 'DOCKER|hoge.azurecr.io/hello:0.1.0',
        acrUseManagedIdentityCreds: flag,
      },
    },
  });
  if (!grant) return;
  const assignment = `${registry}/providers/Microsoft.Authorization/roleAssignments/${randomUUID()}`;
  const properties = {
    roleDefinitionId: `${azure.subscription}/providers/Microsoft.Authorization/roleDefinitions/${acrPull}`,
    principalId: identity.principalId,
    principalType: 'ServicePrincipal',
  };
  await azure.resource('PUT', assignment, '2022-04-01', { properties });
}
