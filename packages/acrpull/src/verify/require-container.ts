import { Failure } from '../failure.ts';
import { azSite, type SiteView, siteName } from '../pull-path/links.ts';

/** Throws for a site that runs code and no Linux container. A malformed image is for the platform to refuse. */
export function requireContainer(view: SiteView): void {
  const { config } = view.site;
  if (!config.known) return;
  const { linuxFxVersion } = config.value;
  const model = /^(\w*)\|/.exec(linuxFxVersion)?.[1];
  const runsCode = model !== undefined && !/^(DOCKER|COMPOSE|SITECONTAINERS)?$/i.test(model);
  if (linuxFxVersion !== '' && !runsCode) return;
  throw new Failure(
    `${siteName(view)} is no Linux container app: linuxFxVersion is ${linuxFxVersion === '' ? 'empty' : linuxFxVersion}.`,
    { resource: view.site.id, next: `az webapp config show ${azSite(view)} --query linuxFxVersion` },
  );
}
