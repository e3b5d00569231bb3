import type { Azure } from '../azure/azure.ts';
import { splitId } from '../azure/resource-id.ts';
import { apiVersions } from '../azure/resource-manager.ts';
import { Failure } from '../failure.ts';
import { grantReader } from '../pull-path/gather-grants.ts';
import { type IdentityResource, identitiesPath } from '../pull-path/gather-identities.ts';
import { concatFacts, type Snapshot } from '../pull-path/snapshot.ts';
import type { ChosenIdentity } from './aim.ts';

/** The user-assigned identity that `--identity` names: by its resource id, or by its name in the app's subscription. */
export async function findIdentity(
  { resourceManager }: Azure,
  app: Snapshot['app'],
  nameOrId: string,
): Promise<ChosenIdentity> {
  if (nameOrId.startsWith('/')) {
    return choose(await resourceManager.get<IdentityResource>(nameOrId, apiVersions.managedIdentity));
  }
  const path = identitiesPath(app.subscriptionId);
  const all = await resourceManager.list<IdentityResource>(path, apiVersions.managedIdentity);
  const named = all.filter(({ name }) => name.toLowerCase() === nameOrId.toLowerCase());
  const beside = named.filter(
    ({ id }) => splitId(id).resourceGroup.toLowerCase() === app.resourceGroup.toLowerCase(),
  );
  const [found, another] = beside.length > 0 ? beside : named;
  if (!found) {
    throw new Failure(`No user-assigned identity "${nameOrId}" that you can see is in the subscription.`, {
      resource: path,
      next: `az identity create -g ${app.resourceGroup} -n ${nameOrId}`,
    });
  }
  if (another) {
    throw new Failure(
      `Several identities are called "${nameOrId}": ${named.map(({ id }) => id).join(', ')}`,
      {
        resource: path,
        next: 'give --identity the resource id of the one that is meant',
      },
    );
  }
  return choose(found);
}

const choose = ({ id, properties: { clientId, principalId } }: IdentityResource): ChosenIdentity => ({
  id,
  clientId,
  principalId,
});

/**
 * The snapshot with what the identity holds where the registries are, which nobody asked for while it is not attached.
 */
export async function withGrantsOf(
  { resourceManager }: Azure,
  snapshot: Snapshot,
  { principalId }: ChosenIdentity,
): Promise<Snapshot> {
  if (snapshot.grants[principalId]) return snapshot;
  const registries = Object.values(snapshot.registries);
  const subscriptions = new Set(
    registries.flatMap((it) => (it.known ? splitId(it.value.id).subscriptionId : [])),
  );
  const reader = grantReader(resourceManager);
  const held = await Promise.all([...subscriptions].map((one) => reader.ofPrincipal(principalId, one)));
  return { ...snapshot, grants: { ...snapshot.grants, [principalId]: concatFacts(held) } };
}
