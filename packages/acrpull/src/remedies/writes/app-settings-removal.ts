import { splitSiteId } from '../../azure/resource-id.ts';
import { apiVersions, type ResourceManager } from '../../azure/resource-manager.ts';
import type { Change, WriteKind } from './write.ts';

/** Takes app settings away by name. Their values are not kept anywhere, so nothing brings them back. */
export interface AppSettingsRemoval {
  kind: 'app-settings';
  site: string;
  remove: string[];
}

const path = (site: string) => `${site}/config/appsettings`;

/** The values hold passwords: they go from one request to the next, and nowhere else. */
const list = async (arm: ResourceManager, site: string): Promise<Record<string, string>> => {
  const { properties } = await arm.send<{ properties: Record<string, string> }>(
    'POST',
    `${path(site)}/list`,
    apiVersions.web,
  );
  return properties;
};

export const appSettingsRemoval: WriteKind<AppSettingsRemoval> = {
  changes: ({ remove }) =>
    remove.map((what): Change => ({ kind: 'remove', what, from: 'its value is not kept' })),
  target: ({ site }) => path(site),
  restarts: true,
  needs: ({ site }) => [
    { action: `${splitSiteId(site).type}/config/list/action`, scope: site, operation: 'write' },
    { action: `${splitSiteId(site).type}/config/write`, scope: site, operation: 'write' },
  ],
  complete: async (_, write) => write,
  read: async (arm, { site, remove }) => {
    const settings = await list(arm, site);
    return remove.some((name) => name in settings) ? 'before' : 'after';
  },
  send: async (arm, write) => {
    const settings = await list(arm, write.site);
    const kept = Object.entries(settings).filter(([name]) => !write.remove.includes(name));
    await arm.send('PUT', path(write.site), apiVersions.web, { properties: Object.fromEntries(kept) });
    return write;
  },
  inverse: () => undefined,
};
