import { azSite, type SiteView } from '../pull-path/site-view.ts';
import type { Aim } from './aim.ts';
import type { Remedy } from './remedy.ts';
import { planPullSettings } from './set-flag.ts';
import {
  azContainer,
  containerBicep,
  containerTerraform,
  siteConfigBicep,
  siteConfigTerraform,
} from './site-code.ts';
import type { PullSettings, SiteConfigWrite } from './writes/site-config-write.ts';

/** What stands where the client id belongs: at the site, or at one of its containers. */
export function givenId({ site, container }: SiteView): string | null {
  if (container) return container.userManagedIdentityClientId;
  return site.config.known ? site.config.value.acrUserManagedIdentityID : null;
}

/** The client id that is meant, where another id of an attached identity stands in its place; else the likeliest. */
function clientIdFor(view: SiteView): string {
  const { userAssigned } = view.site.identity;
  const given = givenId(view)?.toLowerCase() ?? '';
  const named = userAssigned.find((it) =>
    [it.id.toLowerCase(), it.principalId.toLowerCase()].includes(given),
  );
  return (named ?? userAssigned[0])?.clientId || '<client id of an attached identity>';
}

/** Says which of the attached identities pulls. */
export const selectIdentity: Remedy = {
  id: 'select-identity',
  title: 'Name the identity that pulls by its client id',
  commands: (view) => {
    const clientId = clientIdFor(view);
    if (view.container) return [azContainer(view, `--user-assigned-identity ${clientId}`)];
    return [
      `az webapp config set ${azSite(view)} --generic-configurations '{"acrUserManagedIdentityID": "${clientId}"}'`,
      // az writes names in a case of its own: azure.cli.core.util, todict.
      `az webapp config show ${azSite(view)} --query acrUserManagedIdentityId   # read it back: wrong values are dropped`,
    ];
  },
  bicep: (view) =>
    view.container
      ? containerBicep(view, `userManagedIdentityClientId: '${clientIdFor(view)}'`)
      : siteConfigBicep(view, `acrUserManagedIdentityID: '${clientIdFor(view)}'`),
  terraform: (view) =>
    view.container
      ? containerTerraform(view, `userManagedIdentityClientId = "${clientIdFor(view)}"`)
      : siteConfigTerraform(view, `container_registry_managed_identity_client_id = "${clientIdFor(view)}"`),
  repair: { plan: planClientId },
};

/** The client id alone: whether the site pulls with an identity at all is the flag's matter. */
function planClientId(view: SiteView, aim: Aim): SiteConfigWrite | undefined {
  const write = view.container ? undefined : planPullSettings(view, aim);
  if (!write || !('acrUserManagedIdentityID' in write.to)) return undefined;
  const only = ({ acrUserManagedIdentityID: clientId }: PullSettings) => ({
    acrUserManagedIdentityID: clientId ?? null,
  });
  return { ...write, from: only(write.from), to: only(write.to) };
}

/** Where the one that is named is not there. */
export const chooseIdentity: Remedy = {
  ...selectIdentity,
  id: 'choose-identity',
  title: 'Let another identity pull, named by its client id',
  repair: { option: '--identity', plan: (view, aim) => (aim.isChosen ? planClientId(view, aim) : undefined) },
};
