import type { SiteConfig } from './site-config.ts';
import type { SlotConfigNames } from './site-documents.ts';

/** Of a site, what a swap deals out anew: its documents, and `properties` of the resource itself. */
export interface SlotContent {
  properties: Record<string, unknown>;
  web: SiteConfig;
  appSettings: Record<string, string>;
  connectionStrings: Record<string, { value: string; type: string }>;
  storageAccounts: Record<string, unknown>;
  /** The language stack, for the portal. */
  metadata: Record<string, string>;
  /** Diagnostic settings. */
  logs: Record<string, unknown>;
}

/** Whether something stays with its slot; what does not travels with the app. */
export type Stays = (document: keyof SlotContent, name: string) => boolean;

type Rule =
  | 'travels'
  | 'stays'
  /** With the virtual network, which `preserveVnet: false` lets go. */
  | 'stays with the network'
  /** Unless WEBSITE_OVERRIDE_PRESERVE_DEFAULT_STICKY_SLOT_SETTINGS says otherwise. */
  | 'stays by default';

const ruled = (rule: Rule, names: readonly string[]) => names.map((name) => [name, rule] as const);

/**
 * What a swap does with each property of `config/web`; the rest are "general settings not mentioned", and stay by
 * default. Source: MicrosoftDocs/azure-docs includes/app-service-deployment-slots-settings.md
 */
const web = new Map<string, Rule>([
  // "Language stack and version, 32 bit and 64 bit". The startup command is one of the "stack settings" of
  // configure-common.md.
  ...ruled('travels', [
    'linuxFxVersion',
    'windowsFxVersion',
    'appCommandLine',
    'netFrameworkVersion',
    'phpVersion',
    'pythonVersion',
    'nodeVersion',
    'powerShellVersion',
    'javaVersion',
    'javaContainer',
    'javaContainerVersion',
    'use32BitWorkerProcess',
  ]),
  // "Handler mappings", "path mappings", "mounted storage accounts".
  ...ruled('travels', ['handlerMappings', 'virtualApplications', 'azureStorageAccounts']),
  // "Managed identities and related settings", which are never swapped. The image's flag is one of them:
  // MicrosoftDocs/azure-docs issue 91449, CDCgov/trusted-intermediary pull request 1302.
  ...ruled('stays', [
    'acrUseManagedIdentityCreds',
    'acrUserManagedIdentityID',
    'keyVaultReferenceIdentity',
    'managedServiceIdentityId',
    'xManagedServiceIdentityId',
  ]),
  // "Publishing endpoints", and what leads to this slot or from it to others.
  ...ruled('stays', ['publishingUsername', 'scmType', 'autoSwapSlotName', 'experiments']),
  ...ruled('stays with the network', ['vnetName', 'vnetRouteAllEnabled', 'vnetPrivatePortsCount']),
]);

/** The same of the resource's own properties; the rest say where the site is and whether it runs, and stay. */
const properties = new Map<string, Rule>([
  ...ruled('stays with the network', [
    'virtualNetworkSubnetId',
    'vnetRouteAllEnabled',
    'vnetImagePullEnabled',
    'vnetContentShareEnabled',
    'vnetBackupRestoreEnabled',
    'outboundVnetRouting',
  ]),
  // "TLS/SSL settings", and general settings that live here.
  ...ruled('stays by default', [
    'httpsOnly',
    'clientCertEnabled',
    'clientCertMode',
    'clientCertExclusionPaths',
    'endToEndEncryptionEnabled',
    'clientAffinityEnabled',
  ]),
]);

/** "Related app settings" of diagnostics, which stay although they are not marked: the include above. */
const diagnosticSetting = /^(WEBSITE_HTTPLOGGING|DIAGNOSTICS)_/i;
const extensionVersion = /_EXTENSION_VERSION$/i;

/**
 * What stays in a swap of two slots, for both of them alike. The override settings count when both slots have them:
 * "in every slot of the app". Source: the include above; reference-app-settings.md, "Deployment slots"; for
 * WEBSITE_OVERRIDE_STICKY_DIAGNOSTICS_SETTINGS, functions-app-settings.md.
 */
export function slotRules(names: SlotConfigNames, preserveVnet: boolean, slots: SlotContent[]): Stays {
  const isOff = (setting: string) =>
    slots.every(({ appSettings }) => /^(0|false)$/i.test(appSettings[setting] ?? ''));
  const defaultsTravel = isOff('WEBSITE_OVERRIDE_PRESERVE_DEFAULT_STICKY_SLOT_SETTINGS');
  const diagnosticsTravel = defaultsTravel || isOff('WEBSITE_OVERRIDE_STICKY_DIAGNOSTICS_SETTINGS');
  const versionsTravel = defaultsTravel || isOff('WEBSITE_OVERRIDE_STICKY_EXTENSION_VERSIONS');

  const stays: Record<Rule, boolean> = {
    travels: false,
    stays: true,
    'stays with the network': preserveVnet,
    'stays by default': !defaultsTravel,
  };
  const sticky = {
    appSettings: lowerCase(names.appSettingNames),
    connectionStrings: lowerCase(names.connectionStringNames),
    storageAccounts: lowerCase(names.azureStorageConfigNames),
  };

  return (document, name) => {
    switch (document) {
      case 'web':
        return stays[web.get(name) ?? 'stays by default'];
      case 'properties':
        return stays[properties.get(name) ?? 'stays'];
      case 'logs':
        return !diagnosticsTravel;
      case 'metadata':
        return false;
      case 'appSettings':
        return (
          sticky.appSettings.has(name.toLowerCase()) ||
          (diagnosticSetting.test(name) && !diagnosticsTravel) ||
          (extensionVersion.test(name) && !versionsTravel)
        );
      default:
        return sticky[document].has(name.toLowerCase());
    }
  };
}

const lowerCase = (names: string[] | null) => new Set((names ?? []).map((name) => name.toLowerCase()));

/** What a slot has after it was swapped with the other one. */
export function afterSwap(slot: SlotContent, other: SlotContent, stays: Stays): SlotContent {
  const documents = Object.keys(slot) as (keyof SlotContent)[];
  const dealt = documents.map((document) => {
    const own = Object.entries(slot[document]).filter(([name]) => stays(document, name));
    const brought = Object.entries(other[document]).filter(([name]) => !stays(document, name));
    return [document, Object.fromEntries([...own, ...brought])];
  });
  return Object.fromEntries(dealt) as SlotContent;
}

/** What the first phase of a swap applies to the source. Source: deploy-staging-slots.md, "Swap operation steps" */
export type AppliedSettings = Pick<SlotContent, 'appSettings' | 'connectionStrings'>;

/** The settings with which the source is warmed up: its own, with those that stay with the target. */
export function settingsForTarget(source: SlotContent, target: SlotContent, stays: Stays): AppliedSettings {
  const { appSettings, connectionStrings } = afterSwap(target, source, stays);
  return { appSettings, connectionStrings };
}
