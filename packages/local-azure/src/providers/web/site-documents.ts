import type { Document } from './documents.ts';
import { defaultSiteConfig, type SiteConfig } from './site-config.ts';

/** The documents of a site, with what a new site has. Source: azure-rest-api-specs specification/web, WebApps.json */

/** What stays with its slot when slots are swapped, in all slots of the app. */
export type SlotConfigNames = {
  connectionStringNames: string[] | null;
  appSettingNames: string[] | null;
  azureStorageConfigNames: string[] | null;
};

const document = <T extends Record<string, unknown>>(path: string, initial: T): Document<T> => ({
  path,
  initial,
});

export const webConfig = document<SiteConfig>('config/web', defaultSiteConfig);
export const appSettings = document<Record<string, string>>('config/appsettings', {});
export const connectionStrings = document<Record<string, { value: string; type: string }>>(
  'config/connectionstrings',
  {},
);
export const metadata = document<Record<string, string>>('config/metadata', {});
export const storageAccounts = document<Record<string, unknown>>('config/azurestorageaccounts', {});
export const authSettings = document<Record<string, unknown>>('config/authsettings', {
  enabled: false,
  unauthenticatedClientAction: 'RedirectToLoginPage',
  tokenStoreEnabled: false,
  isAuthFromFile: 'False',
});
export const slotConfigNames = document<SlotConfigNames>('config/slotConfigNames', {
  connectionStringNames: null,
  appSettingNames: null,
  azureStorageConfigNames: null,
});
export const logs = document<Record<string, unknown>>('config/logs', {
  applicationLogs: {
    fileSystem: { level: 'Off' },
    azureTableStorage: { level: 'Off', sasUrl: null },
    azureBlobStorage: { level: 'Off', sasUrl: null, retentionInDays: null },
  },
  httpLogs: { azureBlobStorage: { sasUrl: null, retentionInDays: 3, enabled: false } },
  failedRequestsTracing: { enabled: false },
  detailedErrorMessages: { enabled: false },
});
/** Holds a secret: read by publishing alone, never by a GET. */
export const publishingPassword = document<{ password: string }>('config/publishingcredentials', {
  password: '',
});

export const publishingPolicies = {
  scm: document<{ allow: boolean }>('basicPublishingCredentialsPolicies/scm', { allow: true }),
  ftp: document<{ allow: boolean }>('basicPublishingCredentialsPolicies/ftp', { allow: true }),
};
