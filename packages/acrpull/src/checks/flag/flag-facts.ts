import { type SiteView, siteName } from '../../pull-path/site-view.ts';
import type { Unreadable } from '../../pull-path/snapshot.ts';
import { cannotTell, type Evidence, fail, skip, type Verdict, warn } from '../cause.ts';

/** The name of another site of the same app that has the flag, for telling A1 (nobody) from A2 (not this one). */
export function siteWithFlag({ snapshot, site }: SiteView): string | undefined {
  const other = snapshot.sites.find(
    (it) => it.id !== site.id && it.config.known && it.config.value.acrUseManagedIdentityCreds,
  );
  return other && siteName({ snapshot, site: other });
}

export const flagEvidence = ({ site }: SiteView): Evidence => ({
  property: 'properties.acrUseManagedIdentityCreds',
  value: String(site.config.known && site.config.value.acrUseManagedIdentityCreds),
  resource: `${site.id}/config/web`,
});

/**
 * Whether the site can pull with what is stored in its settings. `refused`: with the admin user, who is turned off.
 * `for-other-host`: they are not for the registry of the image.
 */
export type StoredCredentials =
  | { kind: 'none' | 'for-other-host' | 'refused' | 'usable' }
  | { kind: 'unknown'; because: Unreadable };

export function storedCredentials({ site, azureImage, registry }: SiteView): StoredCredentials {
  if (!site.appSettings.known) return { kind: 'unknown', because: site.appSettings.because };
  const { registryHost, username, password } = site.appSettings.value;
  if (!username || !password) return { kind: 'none' };
  if (registryHost !== azureImage?.host) return { kind: 'for-other-host' };
  const isRefused = username === 'admin' && registry?.known && !registry.value.adminUserEnabled;
  return { kind: isRefused ? 'refused' : 'usable' };
}

/** What it means that the flag is off, in a sentence: it breaks the pull, unless stored credentials are good for it. */
export function judgeWithoutFlag(view: SiteView, says: string): Verdict {
  const credentials = storedCredentials(view);
  switch (credentials.kind) {
    case 'unknown':
      return cannotTell(`${says}; whether stored credentials pull is not known`, credentials.because);
    case 'refused':
      return skip('see A17: stored credentials are used, and refused');
    case 'usable':
      return warn(
        `${says}: the site pulls with stored credentials`,
        flagEvidence(view),
        credentialsEvidence(view),
      );
    case 'for-other-host':
      return fail(says, flagEvidence(view), credentialsEvidence(view));
    case 'none':
      return fail(says, flagEvidence(view));
  }
}

/** Which of the settings are there, and never what they hold. */
export function credentialsEvidence({ site }: SiteView): Evidence {
  const settings = site.appSettings.known ? site.appSettings.value : undefined;
  const present = [
    settings?.registryHost && `DOCKER_REGISTRY_SERVER_URL (${settings.registryHost})`,
    settings?.username && 'DOCKER_REGISTRY_SERVER_USERNAME',
    settings?.password && 'DOCKER_REGISTRY_SERVER_PASSWORD',
  ];
  return {
    property: 'app settings',
    value: present.filter(Boolean).join(', ') || 'none of DOCKER_REGISTRY_SERVER_*',
    resource: `${site.id}/config/appsettings`,
  };
}

/** Whether the flag of the site says who pulls this image: not for sidecars, and not from other registries. */
export function isFlagSilent({ container, image, azureImage }: SiteView): boolean {
  if (container || !image) return container !== undefined;
  return image.ok ? !azureImage : image.problem.kind === 'sidecars';
}
