/** A site's names, all derived from the name of its app and of its slot. */
export interface SiteName {
  app: string;
  /** Absent for production. */
  slot?: string;
}

const suffix = '.azurewebsites.net';

/** What production is called where slots are named. */
export const productionSlot = 'production';

/** Host name without the domain: `hoge-app`, or `hoge-app-staging` for a slot. */
export const hostLabel = ({ app, slot }: SiteName) =>
  (slot === undefined ? app : `${app}-${slot}`).toLowerCase();

export const hostName = (name: SiteName) => `${hostLabel(name)}${suffix}`;
export const scmHostName = (name: SiteName) => `${hostLabel(name)}.scm${suffix}`;

/** What names the site in log lines, containers and its publishing user: `hoge-app__staging`. */
export const workerName = ({ app, slot }: SiteName) => (slot === undefined ? app : `${app}__${slot}`);

/** The resource's name: `hoge-app/staging`. */
export const resourceName = ({ app, slot }: SiteName) => (slot === undefined ? app : `${app}/${slot}`);

/** `properties.name`: `hoge-app(staging)`. */
export const displayName = ({ app, slot }: SiteName) => (slot === undefined ? app : `${app}(${slot})`);

export function siteNameOf(id: string): SiteName {
  const [, app = '', slot] = /\/sites\/([^/]+)(?:\/slots\/([^/]+))?(?:\/|$)/i.exec(id) ?? [];
  return slot === undefined ? { app } : { app, slot };
}

/** The id of a site's app, which for an app is its own. */
export const appIdOf = (siteId: string) => siteId.replace(/\/slots\/[^/]+$/i, '');

/** Source: learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftweb */
export function isValidSiteName({ app, slot }: SiteName): boolean {
  const part = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/i;
  if (!part.test(app) || app.length < 2 || app.length > 60) return false;
  if (slot === undefined) return true;
  const reserved = slot.toLowerCase() === productionSlot;
  return part.test(slot) && !reserved && slot.length <= 59 && hostLabel({ app, slot }).length <= 63;
}

/** `<site>.scm.azurewebsites.net` is the site's, too. */
export const siteHost = (host: string) => host.toLowerCase().replace(`.scm${suffix}`, suffix);
