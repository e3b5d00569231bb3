import { refusedAddresses } from '../../pull-path/registry-firewall.ts';
import { azSite, registryId, registryName, type SiteView } from '../../pull-path/site-view.ts';
import type { Remedy } from '../remedy.ts';
import { notDeclared, siteBicep, siteTerraform } from '../site-code.ts';

// Which network, and who may open it, only a person knows.

/** An api-version that has this name: by itself az takes the newest one, which drops it (cause D5). */
const setOverVnet = ({ site }: SiteView, value: boolean): string =>
  `az resource update --ids ${site.id} --api-version 2023-12-01 --set properties.vnetImagePullEnabled=${value}`;

/** Source: hashicorp/terraform-provider-azurerm: each platform has a name of its own for it. */
const overVnetTerraform = ({ site }: SiteView, value: boolean): string =>
  `${site.platform === 'windows' ? 'virtual_network_image_pull_enabled' : 'vnet_image_pull_enabled'} = ${value}`;

const subnetOf = ({ site }: SiteView): string => site.network.virtualNetworkSubnetId ?? '<subnet id>';

export const pullOverVnet: Remedy = {
  id: 'pull-over-vnet',
  title: 'Pull through a virtual network in which the registry has a private endpoint',
  commands: (view) => [
    ...(view.site.network.virtualNetworkSubnetId
      ? []
      : [`az webapp vnet-integration add ${azSite(view)} --vnet <virtual network> --subnet <subnet>`]),
    `az network private-endpoint create -g ${view.snapshot.app.resourceGroup} -n ${registryName(view)}-endpoint --connection-name ${registryName(view)} --private-connection-resource-id ${registryId(view)} --group-id registry --vnet-name <virtual network> --subnet <another subnet>`,
    '# and the private DNS zone privatelink.azurecr.io, linked with that network; then',
    setOverVnet(view, true),
  ],
  bicep: (view) =>
    siteBicep(
      view,
      `properties: { virtualNetworkSubnetId: '${subnetOf(view)}', vnetImagePullEnabled: true }`,
    ),
  terraform: (view) =>
    siteTerraform(view, `virtual_network_subnet_id = "${subnetOf(view)}"\n${overVnetTerraform(view, true)}`),
};

/** All that the site may come to call from, so that a change of its tier breaks nothing, less what is let in. */
function missingAddresses({ site, registry }: SiteView): string[] {
  const addresses = site.network.possibleOutboundIpAddresses;
  const refused = registry?.known ? refusedAddresses(registry.value.network, addresses) : [];
  if (refused.length > 0) return refused;
  return addresses.length > 0 ? addresses : ['<outbound address>'];
}

export const allowAddresses: Remedy = {
  id: 'allow-addresses',
  title: 'Let in all addresses that the site may come to call from',
  commands: (view) => [
    ...(view.registry?.known && view.registry.value.network.publicNetworkAccess !== 'Enabled'
      ? [`az acr update -n ${registryName(view)} --public-network-enabled true --default-action Deny`]
      : []),
    `for ip in ${missingAddresses(view).join(' ')}; do az acr network-rule add -n ${registryName(view)} --ip-address $ip; done`,
  ],
  bicep: (view) => {
    const rules = missingAddresses(view).map((address) => `{ action: 'Allow', value: '${address}' }`);
    return `networkRuleSet: { defaultAction: 'Deny', ipRules: [ ${rules.join(', ')} ] } // in properties of the registry, beside the rules that it has`;
  },
  terraform: (view) => {
    const rules = missingAddresses(view).map(
      (address) => `  ip_rule {\n    action   = "Allow"\n    ip_range = "${address}/32"\n  }`,
    );
    return `network_rule_set {\n  default_action = "Deny"\n${rules.join('\n')}\n} # in azurerm_container_registry, beside the rules that it has`;
  },
};

export const preferProperty: Remedy = {
  id: 'prefer-property',
  title: 'Write the property, and delete the app setting',
  commands: (view) => [
    setOverVnet(view, true),
    `az webapp config appsettings delete ${azSite(view)} --setting-names WEBSITE_PULL_IMAGE_OVER_VNET`,
  ],
  bicep: (view) => siteBicep(view, 'properties: { vnetImagePullEnabled: true }'),
  terraform: (view) => siteTerraform(view, overVnetTerraform(view, true)),
};

export const writeOneGeneration: Remedy = {
  id: 'write-one-generation',
  title: 'Write the name that the api-version has, and read it back',
  commands: (view) => [
    setOverVnet(view, true),
    `az resource show --ids ${view.site.id} --api-version 2023-12-01 --query properties.vnetImagePullEnabled`,
  ],
  bicep: (view) =>
    siteBicep(
      view,
      '// of an api-version that has not vnetImagePullEnabled\nproperties: { outboundVnetRouting: { imagePullTraffic: true } }',
    ),
  terraform: (view) => siteTerraform(view, overVnetTerraform(view, true)),
};

export const pullOverInternet: Remedy = {
  id: 'pull-over-internet',
  title: 'Pull over the internet, as long as the registry is open to it',
  commands: (view) => [
    setOverVnet(view, false),
    `# or give the network a way out, and look from inside: az acr check-health -n ${registryName(view)} --vnet <virtual network id>`,
  ],
  bicep: (view) => siteBicep(view, 'properties: { vnetImagePullEnabled: false }'),
  terraform: (view) => siteTerraform(view, overVnetTerraform(view, false)),
};

/**
 * Source: learn.microsoft.com/azure/private-link/private-endpoint-dns-integration: Azure's own DNS is at 168.63.129.16
 */
export const linkPrivateZone: Remedy = {
  id: 'link-private-zone',
  title: 'Link the private zone with the network; let a DNS server of your own forward to Azure’s',
  commands: () => [
    'az network private-dns link vnet create -g <group of the zone> -z privatelink.azurecr.io -n registry -v <virtual network id> -e false',
    '# a DNS server of your own: forward azurecr.io to 168.63.129.16',
  ],
  bicep: () =>
    "resource link 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2020-06-01' = { parent: zone, name: 'registry', location: 'global', properties: { registrationEnabled: false, virtualNetwork: { id: '<virtual network id>' } } }",
  terraform: () =>
    'virtual_network_id = "<virtual network id>" # in an azurerm_private_dns_zone_virtual_network_link of privatelink.azurecr.io',
};

export const addZoneGroup: Remedy = {
  id: 'add-zone-group',
  title: 'Let the private endpoint keep all of its records itself',
  commands: (view) => [
    'az network private-endpoint dns-zone-group create -g <group> --endpoint-name <private endpoint> -n default --private-dns-zone privatelink.azurecr.io --zone-name azurecr',
    `az acr show-endpoints -n ${registryName(view)}   # the hosts that need an address`,
  ],
  bicep: () =>
    "resource zones 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2023-09-01' = { parent: endpoint, name: 'default', properties: { privateDnsZoneConfigs: [ { name: 'azurecr', properties: { privateDnsZoneId: zone.id } } ] } }",
  terraform: () =>
    'private_dns_zone_group {\n  name                 = "default"\n  private_dns_zone_ids = [azurerm_private_dns_zone.azurecr.id]\n} # in azurerm_private_endpoint',
};

export const allowDataEndpoints: Remedy = {
  id: 'allow-data-endpoints',
  title: 'Let the firewall pass the registry and its data endpoints',
  commands: (view) => [
    `az acr show-endpoints -n ${registryName(view)}   # the hosts to let through`,
    '# in the firewall of the network: HTTPS to each of them',
  ],
  ...notDeclared(
    'a rule of the firewall that the network’s traffic passes: HTTPS to *.azurecr.io and *.data.azurecr.io',
  ),
};

export const lookFromInside: Remedy = {
  id: 'look-from-inside',
  title: 'Look from inside the network',
  commands: (view) => [
    `az acr check-health -n ${registryName(view)} --vnet <virtual network id> --yes   # DNS of the private endpoints`,
    '# routes, security groups and firewalls have to pass HTTPS to the registry, its data endpoints and login.microsoftonline.com',
    `az webapp vnet-integration list ${azSite(view)}`,
  ],
  ...notDeclared('what stands in between is part of the network, not of the site or the registry'),
};

export const approveEndpoint: Remedy = {
  id: 'approve-endpoint',
  title: 'Let the registry’s owner approve the private endpoint',
  commands: (view) => {
    const connections = view.registry?.known ? view.registry.value.network.privateEndpointConnections : [];
    const waiting = connections.find(({ status }) => status === 'Pending')?.name ?? '<connection>';
    return [
      `az acr private-endpoint-connection approve -r ${registryName(view)} -n ${waiting}`,
      '# one that is rejected or disconnected has to be made anew',
    ];
  },
  ...notDeclared(
    'an approval is an act; an endpoint is approved as it is made when its maker may write the registry',
  ),
};

export const usePublicName: Remedy = {
  id: 'use-public-name',
  title: 'Move to an App Service Environment v3, or let in the site by its addresses',
  commands: (view) => [
    `az acr network-rule add -n ${registryName(view)} --ip-address <outbound address of the environment>`,
    '# or: make the plan anew in an environment of kind ASEv3',
  ],
  ...notDeclared(
    'an environment of the kind ASEv3 takes another resource: Microsoft.Web/hostingEnvironments',
  ),
};
