import type { Directory } from '../directory/directory.ts';
import type { Group, Principal, ServicePrincipal, User } from '../entra.ts';
import { toDateTime } from './body.ts';
import { presentCredentials } from './credentials.ts';

/** Source: learn.microsoft.com/graph/api/resources/user, "Properties" that are returned by default */
export const presentUser = ({ id, userPrincipalName, displayName, mailNickname, accountEnabled }: User) => ({
  ...{ id, userPrincipalName, displayName, mailNickname, accountEnabled, businessPhones: [] },
  ...{ givenName: null, jobTitle: null, mail: null, mobilePhone: null, officeLocation: null },
  ...{ preferredLanguage: null, surname: null },
});

export const presentGroup = ({ id, displayName, mailNickname, description, createdOn }: Group) => ({
  ...{ id, displayName, mailNickname, description: description ?? null },
  ...{ deletedDateTime: null, createdDateTime: toDateTime(createdOn), groupTypes: [], mail: null },
  ...{ mailEnabled: false, securityEnabled: true, visibility: null },
});

/** Without the credentials, which take look-ups of their own. */
export const summarizeServicePrincipal = (principal: ServicePrincipal) => {
  const { id, appId, displayName, accountEnabled, resourceId, kind, createdOn } = principal;
  return {
    ...{ id, appId, displayName, accountEnabled, deletedDateTime: null },
    alternativeNames: resourceId
      ? [`isExplicit=${isUserAssigned(resourceId) ? 'True' : 'False'}`, resourceId]
      : [],
    appDisplayName: kind === 'Application' ? displayName : null,
    createdDateTime: toDateTime(createdOn),
    servicePrincipalNames: [appId],
    servicePrincipalType: kind,
    tags: [],
  };
};

const isUserAssigned = (resourceId: string) =>
  /\/providers\/Microsoft\.ManagedIdentity\/userAssignedIdentities\//i.test(resourceId);

export const presentServicePrincipal = (principal: ServicePrincipal, { credentials }: Directory) => ({
  ...summarizeServicePrincipal(principal),
  ...presentCredentials(principal.id, credentials),
});

/** An object of any kind, which says of which. */
export function presentObject(principal: Principal, directory: Directory): Record<string, unknown> {
  const type = graphTypeOf(principal);
  const shown =
    principal.kind === 'User'
      ? presentUser(principal)
      : principal.kind === 'Group'
        ? presentGroup(principal)
        : presentServicePrincipal(principal, directory);
  return { '@odata.type': `#microsoft.graph.${type}`, ...shown };
}

export function graphTypeOf({ kind }: Principal): 'user' | 'group' | 'servicePrincipal' {
  if (kind === 'User') return 'user';
  return kind === 'Group' ? 'group' : 'servicePrincipal';
}
