import type { Link } from '../pull-path/links.ts';
import { azSite, registryName, type SiteNames, type SiteView } from '../pull-path/site-view.ts';

/** A site and its image by their names: all that is needed to look. */
export type Looked = SiteNames & Pick<SiteView, 'azureImage'>;
export type Look = (looked: Looked) => string;

const repository = ({ azureImage }: Pick<SiteView, 'azureImage'>) => azureImage?.repository ?? '<repository>';

/** The command that shows what holds or breaks a link: for whoever looks by hand, with `<…>` for what is not known. */
export const lookAtLink: Record<Link, Look> = {
  image: (looked) => `az webapp config show ${azSite(looked)} --query linuxFxVersion`,
  registry: (looked) => `az acr show -n ${registryName(looked)} --query loginServer`,
  // az writes names in its own case: azure.cli.core.util, todict.
  identity: (looked) =>
    `az webapp identity show ${azSite(looked)} && az webapp config show ${azSite(looked)} --query acrUserManagedIdentityId`,
  grant: (looked) =>
    `az role assignment list --scope $(az acr show -n ${registryName(looked)} --query id -o tsv) --include-inherited --query "[].[principalId, roleDefinitionName, createdOn, scope]" -o tsv`,
  flag: (looked) => `az webapp config show ${azSite(looked)} --query acrUseManagedIdentityCreds`,
  network: (looked) =>
    `az acr show -n ${registryName(looked)} --query '{publicNetworkAccess: publicNetworkAccess, networkRuleSet: networkRuleSet}'`,
  manifest: (looked) =>
    `az acr repository show-tags -n ${registryName(looked)} --repository ${repository(looked)}`,
  start: (looked) => `az webapp log tail ${azSite(looked)}`,
};

// What shows more of a cause than the command of its link does.
export const networkRules: Look = (looked) => `az acr network-rule list -n ${registryName(looked)}`;
export const privateEndpoints: Look = (looked) =>
  `az acr private-endpoint-connection list -r ${registryName(looked)} -o table`;
export const tier: Look = (looked) => `az acr show -n ${registryName(looked)} --query sku.name`;
export const checkHealth: Look = (looked) => `az acr check-health -n ${registryName(looked)} --yes`;
export const vnetIntegration: Look = (looked) => `az webapp vnet-integration list ${azSite(looked)}`;
/** These alone: others hold secrets. */
export const startSettings: Look = (looked) =>
  `az webapp config appsettings list ${azSite(looked)} --query "[?starts_with(name, 'WEBSITES_')]"`;
