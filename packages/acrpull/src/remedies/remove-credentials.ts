import { azSite, type SiteView, verifySite } from '../pull-path/site-view.ts';
import type { Remedy } from './remedy.ts';
import type { AppSettingsRemoval } from './writes/app-settings-removal.ts';

const url = 'DOCKER_REGISTRY_SERVER_URL';
const username = 'DOCKER_REGISTRY_SERVER_USERNAME';
const password = 'DOCKER_REGISTRY_SERVER_PASSWORD';

/** Those that are stored. */
function stored({ site }: SiteView): string[] {
  if (!site.appSettings.known) return [];
  const settings = site.appSettings.value;
  return [
    ...(settings.registryHost ? [url] : []),
    ...(settings.username ? [username] : []),
    ...(settings.password ? [password] : []),
  ];
}

/** The last thing to do: until the identity is proven, they may be what keeps a site running. */
export const removeCredentials: Remedy = {
  id: 'remove-credentials',
  title: 'Remove the stored credentials, once the pull with the identity is proven',
  commands: (view) => [
    `${verifySite(view)}   # first: proves the pull with the identity`,
    `az webapp config appsettings delete ${azSite(view)} --setting-names ${url} ${username} ${password}`,
  ],
  bicep: () => '// leave DOCKER_REGISTRY_SERVER_* out of appSettings',
  terraform: () => '# leave docker_registry_username and docker_registry_password out of application_stack',
  repair: { option: '--remove-credentials', plan: planRemoval },
};

/** Of a site with one image, from an Azure registry: another registry, or a container beside it, may want them. */
export function planRemoval(view: SiteView): AppSettingsRemoval | undefined {
  const remove = stored(view);
  if (remove.length === 0 || !view.azureImage || view.container) return undefined;
  return { kind: 'app-settings', site: view.site.id, remove };
}
