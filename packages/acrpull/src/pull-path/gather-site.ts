import { apiVersions, type ResourceManager } from '../azure/resource-manager.ts';
import { parseFxVersion } from './image-reference.ts';
import { readFact } from './read-fact.ts';
import {
  identityFacts,
  platformOf,
  type SiteResource,
  scmHostName,
  siteNetworkFacts,
} from './site-resource.ts';
import {
  type AppSettingFacts,
  type ConfigFacts,
  type ContainerFacts,
  type Fact,
  type InstanceStatus,
  known,
  mapFact,
  notRead,
  type SiteFacts,
} from './snapshot.ts';
import { withoutCredentials } from './without-credentials.ts';

/**
 * How much is asked of a site. `config`: its configuration alone, which says whether all links hold; the rest tells
 * why one does not.
 */
export type Depth = 'whole' | 'config';

export const leftOut = (resource: string): Fact<never> =>
  notRead('not asked for while many apps are looked through', resource);

/** Reads what belongs to one site. What is under way already may be so: the rest needs only its id. */
export async function readSite(
  arm: ResourceManager,
  id: string,
  resource: Promise<SiteResource>,
  config: Promise<Fact<ConfigFacts>>,
  depth: Depth,
): Promise<SiteFacts> {
  const isWhole = depth === 'whole';
  const [site, configFacts, appSettings, containers, siteStatus] = await Promise.all([
    resource,
    config,
    isWhole ? readAppSettings(arm, id) : leftOut(`${id}/config/appsettings`),
    config.then((facts) => readContainers(arm, id, facts)),
    isWhole ? readSiteStatus(arm, id) : leftOut(`${id}/siteStatus`),
  ]);
  const slot = site.id.split('/slots/')[1];
  return {
    id: site.id,
    ...(slot && { slot }),
    platform: platformOf(site),
    state: site.properties.state ?? 'Running',
    hostName: site.properties.defaultHostName,
    scmHostName: scmHostName(site),
    identity: identityFacts(site),
    config: configFacts,
    appSettings,
    containers,
    siteStatus,
    network: siteNetworkFacts(site),
  };
}

export async function readConfig(arm: ResourceManager, id: string): Promise<Fact<ConfigFacts>> {
  const path = `${id}/config/web`;
  const config = await readFact(path, () =>
    arm.get<{ properties: Partial<Record<keyof ConfigFacts, unknown>> }>(path, apiVersions.web),
  );
  return mapFact(config, ({ properties }) => ({
    linuxFxVersion: withoutCredentials(String(properties.linuxFxVersion ?? '')),
    windowsFxVersion: withoutCredentials(String(properties.windowsFxVersion ?? '')),
    acrUseManagedIdentityCreds: properties.acrUseManagedIdentityCreds === true,
    acrUserManagedIdentityID: properties.acrUserManagedIdentityID
      ? String(properties.acrUserManagedIdentityID)
      : null,
  }));
}

/** The values stay here: some are passwords. */
async function readAppSettings(arm: ResourceManager, id: string): Promise<Fact<AppSettingFacts>> {
  const settings = await readFact(`${id}/config/appsettings`, () =>
    arm.send<{ properties: Record<string, string> }>(
      'POST',
      `${id}/config/appsettings/list`,
      apiVersions.web,
    ),
  );
  return mapFact(settings, ({ properties }) => appSettingFacts(properties));
}

function appSettingFacts(settings: Record<string, string>): AppSettingFacts {
  const {
    DOCKER_REGISTRY_SERVER_URL: url,
    DOCKER_REGISTRY_SERVER_USERNAME: username,
    WEBSITE_PULL_IMAGE_OVER_VNET: overVnet,
    WEBSITE_OVERRIDE_PRESERVE_DEFAULT_STICKY_SLOT_SETTINGS: override,
  } = settings;
  const websitesPort = wholeNumber(settings.WEBSITES_PORT);
  const startTimeLimit = wholeNumber(settings.WEBSITES_CONTAINER_START_TIME_LIMIT);
  const registryHost = url && hostOf(url);
  // The admin user is called as its registry; a host may have a hash behind the name: `hoge-abc123.azurecr.io`.
  const isAdmin = username?.toLowerCase() === registryHost?.split(/[-.]/)[0];
  return {
    ...(registryHost && { registryHost }),
    ...(username && { username: isAdmin ? 'admin' : 'other' }),
    password: Boolean(settings.DOCKER_REGISTRY_SERVER_PASSWORD),
    ...(/^(0|false)$/i.test(override ?? '') && { defaultsTravel: true }),
    ...(overVnet && { pullImageOverVnet: /^(1|true)$/i.test(overVnet) }),
    ...(settings.WEBSITE_DNS_SERVER && { dnsServer: true }),
    ...(websitesPort !== undefined && { websitesPort }),
    ...(startTimeLimit !== undefined && { startTimeLimit }),
  };
}

/** Of a setting that is nothing but digits. */
const wholeNumber = (text: string | undefined): number | undefined =>
  text && /^\d{1,9}$/.test(text) ? Number(text) : undefined;

/** Of a URL whose scheme may be left out; of one that holds a user and password, these stay here. */
function hostOf(url: string): string | undefined {
  const whole = /^https?:\/\//i.test(url) ? url : `https://${url}`;
  return URL.canParse(whole) ? new URL(whole).host : undefined;
}

interface ContainerResource {
  name: string;
  properties: Partial<Omit<ContainerFacts, 'name'>>;
}

async function readContainers(
  arm: ResourceManager,
  id: string,
  config: Fact<ConfigFacts>,
): Promise<Fact<ContainerFacts[]>> {
  const path = `${id}/sitecontainers`;
  if (!config.known) return notRead('whether the site has sidecars is not known', path);
  const image = parseFxVersion(config.value.linuxFxVersion);
  if (image.ok || image.problem.kind !== 'sidecars') return known([]);
  const containers = await readFact(path, () =>
    arm.list<ContainerResource>(path, apiVersions.siteContainers),
  );
  return mapFact(containers, (all) =>
    all.map(({ name, properties }) => ({
      // Nested resources are named with their parents: `hoge-app/main`.
      name: name.split('/').at(-1)!,
      image: withoutCredentials(properties.image ?? ''),
      isMain: properties.isMain === true,
      authType: properties.authType ?? 'Anonymous',
      userManagedIdentityClientId: properties.userManagedIdentityClientId || null,
    })),
  );
}

async function readSiteStatus(arm: ResourceManager, id: string): Promise<Fact<InstanceStatus[]>> {
  const path = `${id}/siteStatus`;
  const status = await readFact(path, () =>
    arm.get<{ properties: Partial<InstanceStatus>[] }>(path, apiVersions.siteStatus),
  );
  return mapFact(status, ({ properties }) =>
    properties.map(({ instanceId, state, lastError }) => ({
      instanceId: instanceId ?? '',
      state: state ?? 'Unknown',
      lastError: lastError || null,
    })),
  );
}
