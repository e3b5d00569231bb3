import { splitSiteId } from '../../azure/resource-id.ts';
import { apiVersions } from '../../azure/resource-manager.ts';
import type { Change, WriteKind } from './write.ts';

/** Changes properties of a site's `config/web`, all in one write, since each write restarts the site. */
export interface SiteConfigWrite {
  kind: 'site-config';
  site: string;
  from: PullSettings;
  to: PullSettings;
}

/** Those that say who pulls. Both sides of a write name the same ones. */
export interface PullSettings {
  acrUseManagedIdentityCreds?: boolean;
  acrUserManagedIdentityID?: string | null;
}

type Name = keyof PullSettings;
const names: readonly Name[] = ['acrUserManagedIdentityID', 'acrUseManagedIdentityCreds'];

const path = (site: string) => `${site}/config/web`;

export const siteConfigWrite: WriteKind<SiteConfigWrite> = {
  changes: ({ from, to }) =>
    names
      .filter((name) => name in to)
      .map((name): Change => ({ kind: 'change', what: name, from: show(from[name]), to: show(to[name]) })),
  target: ({ site }) => path(site),
  restarts: true,
  needs: ({ site }) => [
    { action: `${splitSiteId(site).type}/config/write`, scope: site, operation: 'write' },
  ],
  complete: async (_, write) => write,
  read: async (arm, { site, from, to }) => {
    const { properties } = await arm.get<{ properties: PullSettings }>(path(site), apiVersions.web);
    const isAs = (wanted: PullSettings) =>
      names.every((name) => !(name in wanted) || same(properties[name], wanted[name]));
    if (isAs(to)) return 'after';
    return isAs(from) ? 'before' : 'other';
  },
  send: async (arm, write) => {
    // An empty text takes a client id away, as az does; null is "no change".
    const properties = Object.fromEntries(
      Object.entries(write.to).map(([name, value]) => [name, value ?? '']),
    );
    await arm.send('PATCH', path(write.site), apiVersions.web, { properties });
    return write;
  },
  inverse: ({ from, to, ...rest }) => ({ ...rest, from: to, to: from }),
};

const same = (a: PullSettings[Name], b: PullSettings[Name]) =>
  String(a || '').toLowerCase() === String(b || '').toLowerCase();

const show = (value: PullSettings[Name]): string => (value === null || value === '' ? 'none' : String(value));
