import { azSite, type SiteView } from '../pull-path/site-view.ts';

/** What of a site is written down in Bicep, and where. */
export const siteBicep = (view: SiteView, property: string): string => `${property} // in ${bicepSite(view)}`;

/** The same for a property of its configuration. */
export const siteConfigBicep = (view: SiteView, property: string): string =>
  `siteConfig: { ${property} } // in properties of ${bicepSite(view)}`;

/** What of a site is written down in Terraform, and where. */
export const siteTerraform = (view: SiteView, argument: string): string =>
  `${argument} # in ${terraformSite(view)}`;

/** The same for an argument of its configuration. */
export const siteConfigTerraform = (view: SiteView, argument: string): string =>
  siteTerraform(view, `site_config { ${argument} }`);

/** The identities that a site is to have: all of them, since what is left out is taken off. */
export interface Identities {
  system: boolean;
  /** Resource ids of user-assigned ones. */
  ids: string[];
}

export const identityType = ({ system, ids }: Identities): string =>
  [...(system ? ['SystemAssigned'] : []), ...(ids.length > 0 ? ['UserAssigned'] : [])].join(', ');

export function identityBicep(view: SiteView, identities: Identities): string {
  const ids = identities.ids.map((id) => `'${id}': {}`).join(', ');
  const list = ids && `, userAssignedIdentities: { ${ids} }`;
  return siteBicep(view, `identity: { type: '${identityType(identities)}'${list} }`);
}

export function identityTerraform(view: SiteView, identities: Identities): string {
  const type = identityType(identities);
  return siteTerraform(
    view,
    identities.ids.length > 0
      ? `identity {\n  type         = "${type}"\n  identity_ids = ${JSON.stringify(identities.ids)}\n}`
      : `identity { type = "${type}" }`,
  );
}

function bicepSite({ snapshot: { app }, site: { slot } }: SiteView): string {
  return slot ? `Microsoft.Web/sites/slots '${app.name}/${slot}'` : `Microsoft.Web/sites '${app.name}'`;
}

/** Source: hashicorp/terraform-provider-azurerm website/docs/r: a resource for each platform, for apps and slots. */
function terraformSite({ snapshot: { app }, site: { slot, platform } }: SiteView): string {
  return slot ? `azurerm_${platform}_web_app_slot '${slot}'` : `azurerm_${platform}_web_app '${app.name}'`;
}

const containerName = ({ container }: SiteView): string => container?.name ?? '<container>';
const containerType = ({ site }: SiteView): string =>
  `Microsoft.Web/sites/${site.slot ? 'slots/' : ''}sitecontainers`;

/** A change of one container of a site with sidecars. Source: learn.microsoft.com/cli/azure/webapp/sitecontainers */
export const azContainer = (view: SiteView, options: string): string =>
  `az webapp sitecontainers update ${azSite(view)} --container-name ${containerName(view)} ${options}`;

export const containerBicep = (view: SiteView, property: string): string =>
  `${property} // in properties of ${containerType(view)} '${containerName(view)}'`;

/** Source: hashicorp/terraform-provider-azurerm website/docs/r has no resource for them. */
export const containerTerraform = (view: SiteView, property: string): string =>
  `${property} # in properties of an azapi_resource of type ${containerType(view)}`;

/** For what is no part of a declaration, with the reason why. */
export const notDeclared = (reason: string) => ({
  bicep: () => `// ${reason}`,
  terraform: () => `# ${reason}`,
});
