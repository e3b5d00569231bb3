import type { SiteDirectory, SiteSpec } from '../../app-service/site.ts';
import type { Principals } from '../../entra/entra.ts';
import type { Resources } from '../../store/resources.ts';
import { createDocuments } from './documents.ts';
import { type SiteBody, type SiteRecord, webSpaceOf } from './model.ts';
import { pullAddress } from './outbound-addresses.ts';
import { workerSizeOf } from './plan-skus.ts';
import { publishingUserName } from './publishing-user.ts';
import { rampUpRules } from './ramp-up-rules.ts';
import { appSettings, publishingPassword, publishingPolicies, webConfig } from './site-documents.ts';
import { readContainerLogging } from './site-logs.ts';
import { hostLabel, hostName, siteHost, siteNameOf, workerName } from './site-names.ts';
import { allSites, planOf } from './sites.ts';
import { pullsOverVnet, vnetAddress } from './vnet-routing.ts';

/** What the workers may know of the sites, read from the resources anew each time. */
export function createSiteDirectory(resources: Resources, principals: Principals): SiteDirectory {
  const documents = createDocuments(resources);

  return {
    all: () => allSites(resources).map(({ id }) => id),

    hostLabels: () => allSites(resources).map(({ id }) => hostLabel(siteNameOf(id))),

    byHost: (host) => resources.getByHostName(siteHost(host))?.id,

    spec(siteId) {
      const site = resources.get<SiteBody>(siteId);
      return site && toSpec(site);
    },

    publishing(siteId) {
      if (!resources.get(siteId)) return undefined;
      return {
        userName: publishingUserName(siteId),
        password: documents.read(siteId, publishingPassword).password,
        allowed: documents.read(siteId, publishingPolicies.scm).allow,
      };
    },
  };

  function toSpec(site: SiteRecord): SiteSpec {
    const { id, body } = site;
    const { identity, properties } = body;
    // A plan that has sites cannot be deleted.
    const plan = planOf(resources, site)!;
    const name = siteNameOf(id);
    const config = documents.read(id, webConfig);
    const workerSize = workerSizeOf(plan.body.sku.name);
    const settings = documents.read(id, appSettings);
    const overVnet = pullsOverVnet(properties, settings);
    const clientId = text(config.acrUserManagedIdentityID);
    const principal = identity?.principalId
      ? principals.getServicePrincipal(identity.principalId)
      : undefined;
    return {
      id,
      name: workerName(name),
      hostName: hostName(name),
      linuxFxVersion: text(config.linuxFxVersion),
      acrUseManagedIdentityCreds: config.acrUseManagedIdentityCreds === true,
      ...(clientId ? { acrUserManagedIdentityID: clientId } : {}),
      identity: {
        ...(principal ? { systemAssigned: { principalId: principal.id, clientId: principal.appId } } : {}),
        userAssigned: Object.entries(identity?.userAssignedIdentities ?? {}).map(([resourceId, ids]) => ({
          resourceId,
          ...ids,
        })),
      },
      appSettings: settings,
      appCommandLine: text(config.appCommandLine),
      pullsOverVnet: overVnet,
      pullAddress: overVnet
        ? vnetAddress(text(properties.virtualNetworkSubnetId))
        : pullAddress(id, webSpaceOf(plan), plan.body.sku.tier),
      rampUpRules: name.slot === undefined ? rampUpRules(resources, id, config.experiments) : [],
      ...(workerSize ? { workerSize } : {}),
      alwaysOn: config.alwaysOn === true,
      containerLogging: readContainerLogging(documents, id),
      enabled: properties.enabled,
    };
  }
}

const text = (value: unknown) => (typeof value === 'string' ? value : '');
