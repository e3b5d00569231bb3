import type { RegistryLookup } from '../../registry/registry-facts.ts';
import { resourceName } from '../../resource-manager/resource-id.ts';
import type { Resources } from '../../store/resources.ts';
import { dataEndpointHostNames, type RegistryBody, registryType } from './model.ts';
import { findRepositoryToken } from './token-model.ts';

/** What the data plane must obey, read from the resource for each request. */
export function createRegistryLookup(resources: Resources): RegistryLookup {
  return (loginServer) => {
    const record = resources.getByHostName<RegistryBody>(loginServer);
    if (!record) return undefined;
    const { properties } = record.body;
    return {
      id: record.id,
      loginServer: properties.loginServer,
      adminUserEnabled: properties.adminUserEnabled,
      adminCredentials: { username: resourceName(record.id), passwords: properties.adminPasswords },
      anonymousPullEnabled: properties.anonymousPullEnabled,
      dataEndpoint: dataEndpointHostNames(record)[0],
      firewall: {
        publicNetworkAccess: properties.publicNetworkAccess,
        networkRuleSet: properties.networkRuleSet,
      },
      azureADAuthenticationAsArmPolicy: properties.policies.azureADAuthenticationAsArmPolicy.status,
      roleAssignmentMode: properties.roleAssignmentMode,
      findToken: (name) => findRepositoryToken(resources, record, name),
    };
  };
}

/** Of all registries. */
export const loginServers = (resources: Resources): string[] =>
  resources.all<RegistryBody>(registryType).map(({ body }) => body.properties.loginServer);
