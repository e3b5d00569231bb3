import { resourceNotFound } from '../../resource-manager/azure-error.ts';
import { pageOf, partsOf } from '../../resource-manager/paging.ts';
import type { ArmRequest, Route } from '../../resource-manager/route.ts';
import { identityPath, type ManagedIdentityContext, requireIdentity } from './identities.ts';
import { presentFederatedCredential, federatedCredentialType as type } from './model.ts';
import { readFederatedCredential } from './request.ts';
import { checkFederatedCredential } from './rules.ts';

const list = `${identityPath}/federatedIdentityCredentials`;
const item = `${list}/{federatedIdentityCredentialResourceName}`;

/** The federated credentials of an identity, which Entra ID keeps. */
export function federatedCredentialRoutes({ resources, entra }: ManagedIdentityContext): Route[] {
  const { federatedCredentials } = entra;
  const find = (request: ArmRequest) => {
    const identity = requireIdentity(resources, request);
    const name = request.params.federatedIdentityCredentialResourceName!;
    const { principalId } = identity.body.properties;
    return { identity, name, principalId, existing: federatedCredentials.get(principalId, name) };
  };

  return [
    {
      method: 'GET',
      path: list,
      action: `${type}/read`,
      handle: (request) => {
        const identity = requireIdentity(resources, request);
        const found = federatedCredentials
          .ofOwner(identity.body.properties.principalId)
          .map((one) => presentFederatedCredential(identity, one));
        return { status: 200, body: pageOf(request, partsOf(found), (one) => one) };
      },
    },
    {
      method: 'GET',
      path: item,
      action: `${type}/read`,
      handle: (request) => {
        const { identity, name, existing } = find(request);
        if (!existing) throw resourceNotFound(type, name, request.params.resourceGroupName!);
        return { status: 200, body: presentFederatedCredential(identity, existing) };
      },
    },
    {
      method: 'PUT',
      path: item,
      action: `${type}/write`,
      handle: (request) => {
        const { identity, name, principalId, existing } = find(request);
        const wanted = { name, ...readFederatedCredential(request.body) };
        checkFederatedCredential(wanted, federatedCredentials.ofOwner(principalId));
        const credential = federatedCredentials.put(principalId, wanted);
        return { status: existing ? 200 : 201, body: presentFederatedCredential(identity, credential) };
      },
    },
    {
      method: 'DELETE',
      path: item,
      action: `${type}/delete`,
      handle: (request) => {
        const { name, principalId } = find(request);
        return { status: federatedCredentials.delete(principalId, name) ? 200 : 204 };
      },
    },
  ];
}
