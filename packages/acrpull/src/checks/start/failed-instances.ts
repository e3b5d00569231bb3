import type { SiteView } from '../../pull-path/site-view.ts';
import type { Evidence } from '../cause.ts';

/**
 * What the platform says of the instances that are not started, and whose last error has this name. An instance that
 * is started again keeps the error: it is of whatever time.
 */
export function failedInstances({ site }: SiteView, lastError: string): Evidence[] {
  const instances = site.siteStatus.known ? site.siteStatus.value : [];
  return instances
    .filter((it) => it.state !== 'Started' && it.lastError === lastError)
    .map(({ instanceId, state }) => ({
      property: `lastError of instance ${instanceId}`,
      value: `${lastError}, ${state}`,
      resource: `${site.id}/siteStatus`,
    }));
}

/** The number of an app setting, or that it is not there. */
export const settingEvidence = (
  { site }: SiteView,
  property: string,
  value: number | undefined,
): Evidence => ({
  property,
  value: value === undefined ? 'not set' : String(value),
  resource: `${site.id}/config/appsettings`,
});
