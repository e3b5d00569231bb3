import type { SiteView } from '../pull-path/site-view.ts';

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

function bicepSite({ snapshot: { app }, site: { slot } }: SiteView): string {
  return slot ? `Microsoft.Web/sites/slots '${app.name}/${slot}'` : `Microsoft.Web/sites '${app.name}'`;
}

/** Source: hashicorp/terraform-provider-azurerm website/docs/r: a resource for each platform, for apps and slots. */
function terraformSite({ snapshot: { app }, site: { slot, platform } }: SiteView): string {
  return slot ? `azurerm_${platform}_web_app_slot '${slot}'` : `azurerm_${platform}_web_app '${app.name}'`;
}

/** For what is no part of a declaration, with the reason why. */
export const notDeclared = (reason: string) => ({
  bicep: () => `// ${reason}`,
  terraform: () => `# ${reason}`,
});
