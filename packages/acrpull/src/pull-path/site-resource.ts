import type { IdentityFacts, Platform, SiteNetworkFacts } from './snapshot.ts';

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
    /** Whether it is a Windows container, by one name or the other. */
    hyperV?: boolean;
    isXenon?: boolean;
    /** Not all of it: see `runsContainer`. */
    siteConfig?: { linuxFxVersion?: string | null } | null;
    defaultHostName: string;
    hostNameSslStates?: { name: string; hostType?: string }[] | null;
    virtualNetworkSubnetId?: string | null;
    hostingEnvironmentProfile?: { id?: string } | null;
    /** Of older api-versions. */
    vnetImagePullEnabled?: boolean | null;
    /** Of newer ones. */
    outboundVnetRouting?: { allTraffic?: boolean | null; imagePullTraffic?: boolean | null } | null;
    dnsConfiguration?: { dnsServers?: string[] | null } | null;
    /** Separated by commas. */
    outboundIpAddresses?: string | null;
    possibleOutboundIpAddresses?: string | null;
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

export function siteNetworkFacts({ properties }: SiteResource): SiteNetworkFacts {
  const { vnetImagePullEnabled, outboundVnetRouting: routing } = properties;
  const overVnet = [vnetImagePullEnabled, routing?.imagePullTraffic, routing?.allTraffic];
  const told = overVnet.filter((it) => typeof it === 'boolean');
  return {
    virtualNetworkSubnetId: properties.virtualNetworkSubnetId || null,
    hostingEnvironmentId: properties.hostingEnvironmentProfile?.id ?? null,
    vnetImagePullEnabled: told.length > 0 ? told.includes(true) : null,
    dnsServers: properties.dnsConfiguration?.dnsServers ?? [],
    outboundIpAddresses: addresses(properties.outboundIpAddresses),
    possibleOutboundIpAddresses: addresses(properties.possibleOutboundIpAddresses),
  };
}

const addresses = (list: string | null | undefined): string[] => list?.split(',').filter(Boolean) ?? [];

/** Where Kudu answers: Azure says it; a sovereign or custom set-up may differ from the usual pattern. */
export function scmHostName({ properties }: SiteResource): string {
  const scm = properties.hostNameSslStates?.find((state) => state.hostType === 'Repository');
  return scm?.name ?? properties.defaultHostName.replace('.', '.scm.');
}
