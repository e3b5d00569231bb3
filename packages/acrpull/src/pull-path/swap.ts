import {
  type AppSettingFacts,
  type ContainerFacts,
  type Fact,
  known,
  mapFact,
  notRead,
  type SiteFacts,
  type Snapshot,
} from './snapshot.ts';

/** Two sites of an app that are to be swapped. The target is the one that must not fail, mostly production. */
export interface Swap {
  source: SiteFacts;
  target: SiteFacts;
}

/**
 * The snapshot as a swap leaves it. Of what decides a pull, the image and app settings travel. "Managed identities and
 * related settings" stay, and so do the flag and the client id of the pull: MicrosoftDocs/azure-docs issue 91449.
 *
 * Source: MicrosoftDocs/azure-docs includes/app-service-deployment-slots-settings.md
 */
export function afterSwap(snapshot: Snapshot, { source, target }: Swap): Snapshot {
  const sites = snapshot.sites.map((site) => {
    if (site.id === source.id) return receive(site, target, snapshot.slotSettingNames);
    if (site.id === target.id) return receive(site, source, snapshot.slotSettingNames);
    return site;
  });
  return { ...snapshot, sites };
}

/**
 * The source as the first step of a swap starts it: its own image, with the slot settings of the target.
 * Source: MicrosoftDocs/azure-docs articles/app-service/deploy-staging-slots.md, "Swap operation steps"
 */
export const warmedUp = ({ slotSettingNames }: Snapshot, { source, target }: Swap): SiteFacts => ({
  ...source,
  appSettings: mixSettings(target.appSettings, source.appSettings, slotSettingNames),
});

/** A site with what travels to it from another one. */
function receive(site: SiteFacts, other: SiteFacts, slotSettingNames: Fact<string[]>): SiteFacts {
  const { config } = site;
  return {
    ...site,
    config: config.known
      ? mapFact(other.config, ({ linuxFxVersion, windowsFxVersion }) => ({
          ...config.value,
          linuxFxVersion,
          windowsFxVersion,
        }))
      : config,
    appSettings: mixSettings(site.appSettings, other.appSettings, slotSettingNames),
    containers: mixContainers(site.containers, other.containers, `${site.id}/sitecontainers`),
    siteStatus: notRead('what the platform says of a site after a swap is not known before', site.id),
  };
}

/** The settings behind the facts: by their names Azure knows which of them stay with their slot. */
const settingNames: Record<keyof AppSettingFacts, string> = {
  registryHost: 'DOCKER_REGISTRY_SERVER_URL',
  username: 'DOCKER_REGISTRY_SERVER_USERNAME',
  password: 'DOCKER_REGISTRY_SERVER_PASSWORD',
  pullImageOverVnet: 'WEBSITE_PULL_IMAGE_OVER_VNET',
  dnsServer: 'WEBSITE_DNS_SERVER',
  websitesPort: 'WEBSITES_PORT',
  startTimeLimit: 'WEBSITES_CONTAINER_START_TIME_LIMIT',
  defaultsTravel: 'WEBSITE_OVERRIDE_PRESERVE_DEFAULT_STICKY_SLOT_SETTINGS',
};

/** What stays of a slot's settings, with what travels of another one's. */
function mixSettings(
  staying: Fact<AppSettingFacts>,
  travelling: Fact<AppSettingFacts>,
  slotSettingNames: Fact<string[]>,
): Fact<AppSettingFacts> {
  if (!staying.known) return staying;
  if (!travelling.known) return travelling;
  return mapFact(slotSettingNames, (names) => {
    const slotSettings = new Set(names.map((name) => name.toLowerCase()));
    const mixed = Object.entries(settingNames).flatMap(([fact, setting]) => {
      const { value } = slotSettings.has(setting.toLowerCase()) ? staying : travelling;
      const entry = value[fact as keyof AppSettingFacts];
      return entry === undefined ? [] : [[fact, entry]];
    });
    return { password: false, ...Object.fromEntries(mixed) };
  });
}

/** Microsoft's pages do not say whether the containers of a site with sidecars travel. */
function mixContainers(
  own: Fact<ContainerFacts[]>,
  other: Fact<ContainerFacts[]>,
  resource: string,
): Fact<ContainerFacts[]> {
  const isPlain = (containers: Fact<ContainerFacts[]>) => containers.known && containers.value.length === 0;
  if (isPlain(own) && isPlain(other)) return known([]);
  return notRead('Microsoft does not say whether the containers of a site with sidecars travel', resource);
}
