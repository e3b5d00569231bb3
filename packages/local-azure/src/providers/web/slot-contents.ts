import type { Resources } from '../../store/resources.ts';
import type { Documents } from './documents.ts';
import type { SiteBody, SiteRecord } from './model.ts';
import {
  appSettings,
  connectionStrings,
  logs,
  metadata,
  storageAccounts,
  webConfig,
} from './site-documents.ts';
import type { AppliedSettings, SlotContent } from './slot-swap.ts';

/** What swaps deal out, as it is stored. */
export interface SlotContents {
  read(site: SiteRecord): SlotContent;
  write(site: SiteRecord, content: SlotContent): void;
  writeSettings(site: SiteRecord, settings: AppliedSettings): void;
}

export function createSlotContents(resources: Resources, documents: Documents): SlotContents {
  const contents: SlotContents = {
    read: ({ id, body }) => ({
      properties: body.properties,
      web: documents.read(id, webConfig),
      appSettings: documents.read(id, appSettings),
      connectionStrings: documents.read(id, connectionStrings),
      storageAccounts: documents.read(id, storageAccounts),
      metadata: documents.read(id, metadata),
      logs: documents.read(id, logs),
    }),
    write(site, content) {
      const { id, type, body } = site;
      documents.write(id, webConfig, content.web);
      documents.write(id, storageAccounts, content.storageAccounts);
      documents.write(id, metadata, content.metadata);
      documents.write(id, logs, content.logs);
      contents.writeSettings(site, content);
      const properties = content.properties as SiteBody['properties'];
      resources.put<SiteBody>(id, type, { ...body, properties });
    },
    writeSettings({ id }, settings) {
      documents.write(id, appSettings, settings.appSettings);
      documents.write(id, connectionStrings, settings.connectionStrings);
    },
  };
  return contents;
}
