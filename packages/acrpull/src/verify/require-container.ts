import { Failure } from '../failure.ts';
import { parseFxVersion } from '../pull-path/image-reference.ts';
import { azSite, type SiteView, siteName } from '../pull-path/site-view.ts';

/** Throws for a site that runs no Linux container. A malformed image is for the platform to refuse. */
export function requireContainer(view: SiteView): void {
  const { site } = view;
  if (site.platform === 'windows') {
    throw new Failure(
      `${siteName(view)} is a Windows site, and only the logs of Linux workers can be followed: nothing was restarted.`,
      { resource: site.id, next: `acrpull doctor ${view.snapshot.app.name}` },
    );
  }
  if (!site.config.known) return;
  const { linuxFxVersion } = site.config.value;
  const image = parseFxVersion(linuxFxVersion);
  if (image.ok || !['empty', 'stack'].includes(image.problem.kind)) return;
  throw new Failure(
    `${siteName(view)} is no container app: linuxFxVersion is ${linuxFxVersion === '' ? 'empty' : linuxFxVersion}.`,
    { resource: site.id, next: `az webapp config show ${azSite(view)} --query linuxFxVersion` },
  );
}
