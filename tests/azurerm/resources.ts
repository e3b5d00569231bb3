import { absent, get, type Json, type Known, normalized, type Resource, versions } from './provider.ts';
import { webApp, webAppSlot } from './web-app.ts';

const location = 'japaneast';
const tags = { env: 'test' };

/** A configuration for the whole pull path, each resource after those that it depends on. */
export const resources = (subscription: string): ((known: Known) => Resource)[] => {
  const group = `${subscription}/resourceGroups/terraform`;
  const providers = `${group}/providers`;
  const registryId = `${providers}/Microsoft.ContainerRegistry/registries/tfhoge`;
  const planId = `${providers}/Microsoft.Web/serverFarms/tf-plan`;
  const identityId = `${providers}/Microsoft.ManagedIdentity/userAssignedIdentities/tf-puller`;
  const siteId = `${providers}/Microsoft.Web/sites/tf-app`;
  const place = { planId, location };
  return [
    () => resourceGroup(group),
    () => containerRegistry(registryId),
    () => servicePlan(planId),
    () => userAssignedIdentity(identityId),
    () => webApp(siteId, place),
    ({ azurerm_user_assigned_identity: { client_id } = {} }) =>
      webAppSlot(siteId, 'staging', { ...place, identityId, clientId: client_id as string }),
    ({ azurerm_linux_web_app: { principal_id } = {} }) =>
      roleAssignment(registryId, principal_id as string, 'b24988ac-0000-4000-8000-000000000001'),
  ];
};

/** Source: internal/services/resource/resource_group_resource.go */
function resourceGroup(id: string): Resource {
  const version = versions.groups;
  const read = get(id, version);
  return {
    type: 'azurerm_resource_group',
    create: [
      absent(id, version),
      { method: 'PUT', path: id, apiVersion: version, body: { location, tags: {} }, takes: [200, 201] },
      // It has to be seen three times, since Azure may not see it everywhere at once.
      ...[read, read, read],
    ],
    read: [read],
    flatten: ([{ location, tags, managedBy }]) => ({
      ...{ location, tags: tags ?? {}, managed_by: managedBy ?? '' },
    }),
    configured: { location, tags: {}, managed_by: '' },
    changed: { tags },
    update: () => [{ method: 'PATCH', path: id, apiVersion: version, body: { tags }, takes: [200] }],
    destroy: [
      // `prevent_deletion_if_contains_resources`, which is on unless a configuration turns it off.
      get(`${id}/resources?$expand=provisioningState&$top=10`, version),
      { method: 'DELETE', path: id, apiVersion: version, takes: [200, 202], polls: true },
    ],
  };
}

/** Source: internal/services/containers/container_registry_resource.go */
function containerRegistry(id: string): Resource {
  const apiVersion = versions.registries;
  const policyOf = (policy: Json) => policy?.status?.toLowerCase() === 'enabled';
  return {
    type: 'azurerm_container_registry',
    create: [
      absent(id, apiVersion),
      {
        ...{ method: 'PUT', path: id, apiVersion, takes: [200, 201], polls: true },
        body: {
          location,
          sku: { name: 'Standard', tier: 'Standard' },
          identity: { type: 'None', userAssignedIdentities: null },
          properties: {
            adminUserEnabled: false,
            policies: {
              quarantinePolicy: { status: 'disabled' },
              retentionPolicy: {},
              exportPolicy: { status: 'enabled' },
              azureADAuthenticationAsArmPolicy: { status: 'enabled' },
            },
            publicNetworkAccess: 'Enabled',
            zoneRedundancy: 'Disabled',
            anonymousPullEnabled: false,
            dataEndpointEnabled: false,
            networkRuleBypassOptions: 'AzureServices',
            networkRuleBypassAllowedForTasks: false,
            roleAssignmentMode: 'LegacyRegistryPermissions',
          },
          tags: {},
        },
      },
    ],
    read: [get(id, apiVersion), get(`${id}/replications`, apiVersion)],
    flatten: ([{ location, sku, properties, identity, tags }, replications]) => ({
      location,
      sku: sku.tier,
      identity: identity?.type ?? 'None',
      admin_enabled: properties.adminUserEnabled,
      public_network_access_enabled: properties.publicNetworkAccess === 'Enabled',
      encryption_enabled: policyOf(properties.encryption),
      zone_redundancy_enabled: properties.zoneRedundancy === 'Enabled',
      anonymous_pull_enabled: properties.anonymousPullEnabled,
      data_endpoint_enabled: properties.dataEndpointEnabled,
      network_rule_bypass_option: properties.networkRuleBypassOptions,
      role_assignment_mode: properties.roleAssignmentMode,
      quarantine_policy_enabled: policyOf(properties.policies?.quarantinePolicy),
      export_policy_enabled: policyOf(properties.policies?.exportPolicy),
      azuread_authentication_as_arm_policy_enabled: policyOf(
        properties.policies?.azureADAuthenticationAsArmPolicy,
      ),
      georeplications: replications.value,
      tags: tags ?? {},
    }),
    configured: {
      location,
      sku: 'Standard',
      identity: 'None',
      admin_enabled: false,
      public_network_access_enabled: true,
      encryption_enabled: false,
      zone_redundancy_enabled: false,
      anonymous_pull_enabled: false,
      data_endpoint_enabled: false,
      network_rule_bypass_option: 'AzureServices',
      role_assignment_mode: 'LegacyRegistryPermissions',
      quarantine_policy_enabled: false,
      export_policy_enabled: true,
      azuread_authentication_as_arm_policy_enabled: true,
      georeplications: [],
      tags: {},
    },
    changed: { admin_enabled: true, tags },
    update: () => [
      {
        ...{ method: 'PATCH', path: id, apiVersion, takes: [200, 201], polls: true },
        body: { properties: { adminUserEnabled: true }, tags },
      },
      // Read from now on, since the user is on.
      { method: 'POST', path: `${id}/listCredentials`, apiVersion, takes: [200] },
    ],
    destroy: [{ method: 'DELETE', path: id, apiVersion, takes: [200, 202, 204], polls: true }],
  };
}

/** Source: internal/services/appservice/service_plan_resource.go */
function servicePlan(id: string): Resource {
  const apiVersion = versions.web;
  const put = (body: Json) => ({
    ...{ method: 'PUT' as const, path: id, apiVersion, body, takes: [200, 202], polls: true },
  });
  return {
    type: 'azurerm_service_plan',
    create: [
      absent(id, apiVersion),
      put({
        location,
        sku: { name: 'S1' },
        properties: {
          ...{ reserved: true, hyperV: false, perSiteScaling: false, elasticScaleEnabled: false },
          zoneRedundant: false,
        },
        tags: {},
      }),
    ],
    read: [get(id, apiVersion)],
    flatten: ([{ location, sku, properties, tags }]) => ({
      location: normalized(location),
      sku_name: sku.name,
      os_type: properties.hyperV ? 'WindowsContainer' : properties.reserved ? 'Linux' : 'Windows',
      per_site_scaling_enabled: properties.perSiteScaling,
      zone_balancing_enabled: properties.zoneRedundant,
      tags: tags ?? {},
    }),
    configured: {
      ...{ location, sku_name: 'S1', os_type: 'Linux', per_site_scaling_enabled: false },
      ...{ zone_balancing_enabled: false, tags: {} },
    },
    changed: { sku_name: 'P1v3', tags },
    update: ([plan]) => [put({ ...plan, sku: { ...plan.sku, name: 'P1v3' }, tags })],
    destroy: [{ method: 'DELETE', path: id, apiVersion, takes: [200, 204] }],
  };
}

/** Source: internal/services/managedidentity/user_assigned_identity_resource.go */
function userAssignedIdentity(id: string): Resource {
  const apiVersion = versions.identities;
  return {
    type: 'azurerm_user_assigned_identity',
    create: [
      absent(id, apiVersion),
      {
        ...{ method: 'PUT', path: id, apiVersion, takes: [200, 201] },
        body: { location, properties: { isolationScope: 'None' }, tags: {} },
      },
    ],
    read: [get(id, apiVersion)],
    flatten: ([{ location, tags, properties }]) => ({
      ...{ location, tags: tags ?? {}, client_id: properties.clientId, principal_id: properties.principalId },
    }),
    configured: { location, tags: {} },
    changed: { tags },
    update: () => [{ method: 'PATCH', path: id, apiVersion, body: { properties: {}, tags }, takes: [200] }],
    destroy: [{ method: 'DELETE', path: id, apiVersion, takes: [200, 204] }],
  };
}

/** Source: internal/services/authorization/role_assignment_resource.go */
function roleAssignment(scope: string, principalId: string, name: string): Resource {
  const apiVersion = versions.roleAssignments;
  const id = `${scope}/providers/Microsoft.Authorization/roleAssignments/${name}`;
  const subscription = scope.split('/').slice(0, 3).join('/');
  const acrPull = '7f951dda-4ed3-4680-a7ca-43fe172d538d';
  const role = `${subscription}/providers/Microsoft.Authorization/roleDefinitions/${acrPull}`;
  const read = get(id, apiVersion);
  const put = (properties: Json) => ({
    ...{ method: 'PUT' as const, path: id, apiVersion, body: { properties }, takes: [200, 201] },
  });
  const roles = `${scope}/providers/Microsoft.Authorization/roleDefinitions`;
  return {
    type: 'azurerm_role_assignment',
    create: [
      // `role_definition_name`: the list has to have exactly one.
      get(`${roles}?$filter=${encodeURIComponent("roleName eq 'AcrPull'")}`, versions.roleDefinitions),
      absent(id, apiVersion),
      put({ roleDefinitionId: role, principalId, description: '' }),
      // As often as it takes to find it five times in a row.
      ...[read, read, read, read, read],
    ],
    read: [read, get(role, versions.roleDefinitions)],
    flatten: ([{ name, properties }, { properties: definition }]) => ({
      name,
      scope: properties.scope,
      role_definition_id: properties.roleDefinitionId,
      role_definition_name: definition.roleName,
      principal_id: properties.principalId,
      principal_type: properties.principalType,
      description: properties.description ?? '',
      condition: properties.condition ?? '',
    }),
    configured: {
      ...{
        name,
        scope,
        role_definition_name: 'AcrPull',
        role_definition_id: role,
        principal_id: principalId,
      },
      ...{ principal_type: 'ServicePrincipal', description: '', condition: '' },
    },
    changed: { description: 'pulls' },
    update: ([{ properties }]) => [read, put({ ...properties, description: 'pulls' })],
    destroy: [{ method: 'DELETE', path: id, apiVersion, takes: [200, 204] }],
  };
}
