import { splitSiteId } from '../../azure/resource-id.ts';
import { apiVersions, type ResourceManager } from '../../azure/resource-manager.ts';
import { identityFacts, type SiteResource } from '../../pull-path/site-resource.ts';
import type { IdentityFacts } from '../../pull-path/snapshot.ts';
import { type Identities, identityType } from '../site-code.ts';
import type { Change, Need, WriteKind } from './write.ts';

/** Attaches managed identities to a site, or takes them off. */
export interface IdentityWrite {
  kind: 'identity';
  site: string;
  from: AttachedIdentities;
  to: AttachedIdentities;
}

export interface AttachedIdentities extends Identities {
  /** Of the system-assigned one, once it is known: an identity that is made anew has another. */
  principalId?: string;
}

export const attachedTo = ({ systemAssigned, userAssigned }: IdentityFacts): AttachedIdentities => ({
  system: systemAssigned !== undefined,
  ids: userAssigned.map(({ id }) => id),
  ...(systemAssigned && { principalId: systemAssigned.principalId }),
});

export const identityWrite: WriteKind<IdentityWrite> = {
  changes: ({ from, to }) => {
    const change = (kind: Change['kind'], what: string): Change =>
      kind === 'add' ? { kind, what: 'identity', to: what } : { kind, what: 'identity', from: what };
    const name = (id: string) => `UserAssigned ${id.split('/').at(-1)}`;
    return [
      ...(to.system && !from.system ? [change('add', 'SystemAssigned')] : []),
      ...to.ids.filter((id) => !includes(from.ids, id)).map((id) => change('add', name(id))),
      ...from.ids.filter((id) => !includes(to.ids, id)).map((id) => change('remove', name(id))),
      ...(from.system && !to.system ? [change('remove', `SystemAssigned ${from.principalId ?? ''}`)] : []),
    ];
  },
  target: ({ site }) => site,
  restarts: false,
  needs: ({ site, to }) => [
    { action: `${splitSiteId(site).type}/write`, scope: site, operation: 'write' },
    ...to.ids.map(
      (scope): Need => ({
        action: 'Microsoft.ManagedIdentity/userAssignedIdentities/assign/action',
        scope,
        operation: 'write',
      }),
    ),
  ],
  complete: async (_, write) => write,
  read: async (arm, { site, from, to }) => {
    const now = attachedTo(identityFacts(await arm.get<SiteResource>(site, apiVersions.web)));
    if (isAs(now, to)) return 'after';
    return isAs(now, from) ? 'before' : 'other';
  },
  send: async (arm: ResourceManager, write) => {
    const { site, from, to } = write;
    // A null entry takes an identity off: learn.microsoft.com/azure/templates, "userAssignedIdentities".
    const removed = from.ids.filter((id) => !includes(to.ids, id)).map((id) => [id, null] as const);
    const entries = [...to.ids.map((id) => [id, {}] as const), ...(to.ids.length > 0 ? removed : [])];
    const written = await arm.send<SiteResource>('PATCH', site, apiVersions.web, {
      identity: {
        type: identityType(to) || 'None',
        ...(entries.length > 0 && { userAssignedIdentities: Object.fromEntries(entries) }),
      },
    });
    const { systemAssigned } = identityFacts(written);
    return systemAssigned ? { ...write, to: { ...to, principalId: systemAssigned.principalId } } : write;
  },
  inverse: ({ from, to, ...rest }) => ({ ...rest, from: to, to: { system: from.system, ids: from.ids } }),
};

const includes = (ids: string[], id: string) => ids.some((it) => it.toLowerCase() === id.toLowerCase());

function isAs(now: AttachedIdentities, wanted: AttachedIdentities): boolean {
  if (now.system !== wanted.system || now.ids.length !== wanted.ids.length) return false;
  if (wanted.principalId && now.principalId !== wanted.principalId) return false;
  return wanted.ids.every((id) => includes(now.ids, id));
}
