import type { IdentityFacts, Platform } from './snapshot.ts';

/** A site or slot as Resource Manager answers; only what is read here. */
export interface SiteResource {
  id: string;
  name: string;
  /** Such as `app,linux,container`. */
  kind?: string;
  identity?: {
    type?: string;
    principalId?: string;
    tenantId?: string;
    userAssignedIdentities?: Record<string, { clientId?: string; principalId?: string } | null> | null;
  } | null;
  properties: {
    state?: string;
    /** Whether the site runs on Linux. */
    reserved?: boolean;
    defaultHostName: string;
    hostNameSslStates?: { name: string; hostType?: string }[] | null;
  };
}

export const platformOf = ({ kind, properties }: SiteResource): Platform =>
  properties.reserved || /linux/i.test(kind ?? '') ? 'linux' : 'windows';

export function identityFacts({ identity }: Pick<SiteResource, 'identity'>): IdentityFacts {
  const userAssigned = Object.entries(identity?.userAssignedIdentities ?? {}).map(([id, it]) => ({
    id,
    clientId: it?.clientId ?? '',
    principalId: it?.principalId ?? '',
  }));
  return {
    type: identity?.type ?? 'None',
    ...(identity?.principalId && {
      systemAssigned: {
        principalId: identity.principalId,
        ...(identity.tenantId && { tenantId: identity.tenantId }),
      },
    }),
    userAssigned,
  };
}

/** Where Kudu answers: Azure says it; a sovereign or custom set-up may differ from the usual pattern. */
export function scmHostName({ properties }: SiteResource): string {
  const scm = properties.hostNameSslStates?.find((state) => state.hostType === 'Repository');
  return scm?.name ?? properties.defaultHostName.replace('.', '.scm.');
}
