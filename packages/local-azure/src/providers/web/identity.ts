import { z } from 'zod';
import type { AttachedIdentity } from '../../app-service/site.ts';
import type { Entra, Principals } from '../../entra/entra.ts';
import { badRequest } from '../../resource-manager/azure-error.ts';
import { sameId } from '../../resource-manager/resource-id.ts';
import type { LinkedAction } from '../../resource-manager/route.ts';
import type { Resources } from '../../store/resources.ts';
import { identityNotFound } from './errors.ts';

/** A site's `identity`, as stored and shown. */
export interface SiteIdentity {
  type: string;
  principalId?: string;
  tenantId?: string;
  /** By resource id. */
  userAssignedIdentities?: Record<string, AttachedIdentity>;
}

export const identitySchema = z.object({
  type: z.string().nullish(),
  userAssignedIdentities: z.record(z.string(), z.unknown()).nullish(),
});
export type IdentityRequest = z.infer<typeof identitySchema>;

export interface IdentityContext {
  entra: Entra;
  resources: Resources;
}

export interface IdentityOwner {
  id: string;
  /** Of the service principal: `hoge-app`, or `hoge-app/slots/staging`. */
  principalName: string;
}

/** To attach an identity takes a right at the identity itself. */
export function identitiesToAssign(body: unknown): LinkedAction[] {
  const { data } = z.object({ identity: identitySchema.nullish() }).safeParse(body);
  return Object.entries(data?.identity?.userAssignedIdentities ?? {})
    .filter(([, value]) => value !== null)
    .map(([scope]) => ({ action: 'Microsoft.ManagedIdentity/userAssignedIdentities/assign/action', scope }));
}

const types = ['None', 'SystemAssigned', 'UserAssigned'] as const;

/** How a write names the user-assigned identities: a PUT names them all, a PATCH those that change. */
export interface IdentityChange extends IdentityRequest {
  isPatch: boolean;
}

/**
 * The identity after a write: makes the system-assigned principal once, deletes it when it is taken away. The
 * grants of a deleted principal stay behind, as in Azure.
 */
export function applyIdentity(
  { entra, resources }: IdentityContext,
  owner: IdentityOwner,
  current: SiteIdentity | undefined,
  wanted: IdentityChange,
): SiteIdentity | undefined {
  const kinds = parseType(wanted.type ?? current?.type ?? 'None');
  const userAssigned = kinds.has('UserAssigned') ? attach(resources, wanted, current) : undefined;
  if (!kinds.has('SystemAssigned')) removeIdentity(entra.principals, current);
  if (kinds.has('None')) return undefined;
  const principalId = kinds.has('SystemAssigned')
    ? (current?.principalId ?? entra.principals.createManagedIdentity(owner.principalName, owner.id).id)
    : undefined;
  return {
    type: [...kinds].join(', '),
    ...(principalId === undefined ? {} : { principalId, tenantId: entra.tenantId }),
    ...(userAssigned === undefined ? {} : { userAssignedIdentities: userAssigned }),
  };
}

/** Deletes the system-assigned principal, if there is one. */
export function removeIdentity(principals: Principals, identity: SiteIdentity | undefined): void {
  if (identity?.principalId) principals.delete(identity.principalId);
}

function parseType(text: string): Set<string> {
  const named = text
    .split(',')
    .map((part) => types.find((type) => type.toLowerCase() === part.trim().toLowerCase()));
  const kinds = new Set(named);
  if (kinds.has(undefined) || (kinds.has('None') && kinds.size > 1)) {
    throw badRequest('InvalidIdentityType', `The identity type '${text}' is not valid.`);
  }
  return kinds as Set<string>;
}

/** A null entry takes an identity away: learn.microsoft.com/azure/templates, "userAssignedIdentities". */
function attach(resources: Resources, wanted: IdentityChange, current: SiteIdentity | undefined) {
  const attached = Object.entries(current?.userAssignedIdentities ?? {});
  const named = Object.entries(wanted.userAssignedIdentities ?? {});
  const isNamed = (id: string) => named.some(([other]) => sameId(id, other));
  const kept =
    wanted.isPatch || !wanted.userAssignedIdentities ? attached.filter(([id]) => !isNamed(id)) : [];
  const added = named
    .filter(([, value]) => value !== null)
    // One that was deleted since stays as it was attached: Azure tells the site nothing of it.
    .map(([id]) => attached.find(([other]) => sameId(id, other)) ?? find(resources, id));
  return Object.fromEntries([...kept, ...added]);
}

function find(resources: Resources, id: string): [string, AttachedIdentity] {
  const record = resources.get(id);
  if (record?.type !== 'microsoft.managedidentity/userassignedidentities') throw identityNotFound(id);
  const { principalId, clientId } = record.body.properties;
  return [record.id, { principalId: String(principalId), clientId: String(clientId) }];
}
