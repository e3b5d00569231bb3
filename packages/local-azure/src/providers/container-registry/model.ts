import { randomBytes } from 'node:crypto';
import type { Firewall } from '../../registry/registry-facts.ts';
import { resourceName } from '../../resource-manager/resource-id.ts';
import { presentTracked } from '../../resource-manager/tracked-resource.ts';
import type { ResourceBody, ResourceRecord } from '../../store/resources.ts';

export const registryType = 'Microsoft.ContainerRegistry/registries';

export type SkuName = 'Basic' | 'Standard' | 'Premium';

/** Source: azure-rest-api-specs containerregistry 2025-11-01 RegistryProperties */
export interface RegistrySettings extends Firewall {
  adminUserEnabled: boolean;
  policies: { azureADAuthenticationAsArmPolicy: { status: 'enabled' | 'disabled' } };
  dataEndpointEnabled: boolean;
  networkRuleBypassOptions: 'AzureServices' | 'None';
  zoneRedundancy: 'Enabled' | 'Disabled';
  anonymousPullEnabled: boolean;
  roleAssignmentMode: 'LegacyRegistryPermissions' | 'AbacRepositoryPermissions';
}

export interface RegistryProperties extends RegistrySettings, Record<string, unknown> {
  loginServer: string;
  /** Never shown but by `listCredentials`. */
  adminPasswords: [string, string];
}

export interface RegistryBody extends ResourceBody {
  sku: { name: SkuName };
  location: string;
  properties: RegistryProperties;
}

export type RegistryRecord = ResourceRecord<RegistryBody>;

export const defaultSettings: RegistrySettings = {
  adminUserEnabled: false,
  networkRuleSet: { defaultAction: 'Allow', ipRules: [] },
  policies: { azureADAuthenticationAsArmPolicy: { status: 'enabled' } },
  dataEndpointEnabled: false,
  publicNetworkAccess: 'Enabled',
  networkRuleBypassOptions: 'AzureServices',
  zoneRedundancy: 'Disabled',
  anonymousPullEnabled: false,
  roleAssignmentMode: 'LegacyRegistryPermissions',
};

export const loginServerOf = (name: string): string => `${name.toLowerCase()}.azurecr.io`;

/** One for each region that the registry is in. */
export const dataEndpointHostNames = ({ id, body: { location, properties } }: RegistryRecord): string[] =>
  properties.dataEndpointEnabled ? [`${resourceName(id).toLowerCase()}.${location}.data.azurecr.io`] : [];

export const newPassword = (): string => randomBytes(39).toString('base64');

/** The registry as its clients see it. */
export function present(record: RegistryRecord) {
  const { sku, properties } = record.body;
  const { adminPasswords: _, networkRuleSet, policies, ...shown } = properties;
  const time = (milliseconds: number) => new Date(milliseconds).toISOString();
  return {
    ...presentTracked(record, registryType),
    sku: { name: sku.name, tier: sku.name },
    properties: {
      ...shown,
      creationDate: time(record.createdOn),
      provisioningState: 'Succeeded',
      // Rules on addresses are a feature of Premium, and absent below it.
      ...(sku.name === 'Premium' ? { networkRuleSet } : {}),
      policies: {
        quarantinePolicy: { status: 'disabled' },
        trustPolicy: { type: 'Notary', status: 'disabled' },
        retentionPolicy: { days: 7, status: 'disabled', lastUpdatedTime: time(record.createdOn) },
        exportPolicy: { status: 'enabled' },
        softDeletePolicy: { retentionDays: 7, status: 'disabled', lastUpdatedTime: time(record.createdOn) },
        ...policies,
      },
      encryption: { status: 'disabled' },
      dataEndpointHostNames: dataEndpointHostNames(record),
      privateEndpointConnections: [],
    },
    systemData: { createdAt: time(record.createdOn), lastModifiedAt: time(record.changedOn) },
  };
}
