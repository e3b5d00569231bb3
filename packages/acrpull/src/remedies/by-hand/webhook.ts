import { azSite, registryName, type SiteView, verifySite } from '../../pull-path/site-view.ts';
import type { Remedy } from '../remedy.ts';
import { notDeclared } from '../site-code.ts';

const scopeOf = ({ azureImage }: SiteView): string =>
  azureImage ? `${azureImage.repository}:${azureImage.tag}` : '<repository>:<tag>';

export const recreateWebhook: Remedy = {
  id: 'recreate-webhook',
  title: 'Make the webhook anew, with a URL of today; or deploy by the command line, and without one',
  commands: (view) => [
    `az resource update --ids ${view.site.id}/basicPublishingCredentialsPolicies/scm --api-version 2023-12-01 --set properties.allow=true`,
    `url=$(az webapp deployment container config ${azSite(view)} --enable-cd true --query CI_CD_URL -o tsv)`,
    `az acr webhook create -r ${registryName(view)} -n <webhook> --actions push --scope ${scopeOf(view)} --uri "$url"`,
    '# and delete the former one; without webhooks, a pipeline restarts the site after the push:',
    `az webapp restart ${azSite(view)}`,
  ],
  ...notDeclared('the URL holds a password, which belongs in no declaration'),
};

export const letWebhookIn: Remedy = {
  id: 'let-webhook-in',
  title: 'Deploy by the command line, and without a webhook; or let the registry reach the scm host',
  commands: (view) => [
    '# a pipeline restarts the site after the push:',
    `az webapp restart ${azSite(view)}`,
    '# or see who is kept out; the registry calls over the internet:',
    `az webapp config access-restriction show ${azSite(view)} --query scmIpSecurityRestrictions`,
  ],
  ...notDeclared('siteConfig.scmIpSecurityRestrictions says who is let in: whom to add, only a person knows'),
};

export const pullTagAgain: Remedy = {
  id: 'pull-tag-again',
  title: 'Restart the site after the push; name each release by a tag of its own',
  commands: (view) => [
    `az webapp restart ${azSite(view)}`,
    `${verifySite(view)} --digest <digest>   # proves which image it pulls`,
  ],
  ...notDeclared('with a tag for each release the declaration itself says which one runs'),
};

export const tagPerSite: Remedy = {
  id: 'tag-per-site',
  title: 'One tag for each environment, and a webhook for that tag alone',
  commands: (view) => [
    `az acr webhook list -r ${registryName(view)} --query "[].{name: name, scope: scope, status: status}" -o table`,
    `az acr webhook update -r ${registryName(view)} -n <webhook> --scope ${view.azureImage?.repository ?? '<repository>'}:<tag of this site>`,
  ],
  bicep: () =>
    "scope: '<repository>:<tag>' // in properties of Microsoft.ContainerRegistry/registries/webhooks",
  terraform: () => 'scope = "<repository>:<tag>" # in azurerm_container_registry_webhook',
};
