import { z } from 'zod';
import type { ContainerLogging } from '../../app-service/site.ts';
import { notImplemented } from '../../resource-manager/azure-error.ts';
import type { Documents } from './documents.ts';
import { appSettings, logs, webConfig } from './site-documents.ts';
import { presentDocument, readProperties, type SiteOperation } from './site-operations.ts';
import type { WebContext } from './sites.ts';

/**
 * `config/logs`. Its `httpLogs.fileSystem`, which is about the container's output on Linux, is another look at three
 * settings that sites have elsewhere. Sources: their descriptions in azure-rest-api-specs specification/web; for the
 * days MicrosoftDocs/azure-docs issue 116312.
 */
const retentionDays = 'WEBSITE_HTTPLOGGING_RETENTION_DAYS';

const enabled = z.object({ enabled: z.boolean().nullish() });
/** `az webapp log config` sends `false` for `Off`. */
const level = z.object({ level: z.union([z.string(), z.boolean()]).nullish() });
const fileSystem = enabled.extend({
  retentionInMb: z.int().min(25).max(100).nullish(),
  retentionInDays: z.int().nullish(),
});
const logsSchema = z.object({
  applicationLogs: z
    .object({
      fileSystem: level.nullish(),
      azureTableStorage: level.nullish(),
      azureBlobStorage: level.nullish(),
    })
    .nullish(),
  httpLogs: z.object({ fileSystem: fileSystem.nullish(), azureBlobStorage: enabled.nullish() }).nullish(),
  failedRequestsTracing: enabled.nullish(),
  detailedErrorMessages: enabled.nullish(),
});
type LogsRequest = z.infer<typeof logsSchema>;

/** What becomes of the container's output. */
export function readContainerLogging(documents: Documents, siteId: string): ContainerLogging {
  const config = documents.read(siteId, webConfig);
  const days = Number(documents.read(siteId, appSettings)[retentionDays]) || 0;
  return {
    enabled: config.httpLoggingEnabled === true,
    // `config/web` takes any number; the platform's range is this.
    retentionInMb: Math.min(Math.max(Number(config.logsDirectorySizeLimit), 25), 100),
    retentionInDays: Math.max(days, 0),
  };
}

export function logOperations({ documents, resources, appService }: WebContext): SiteOperation[] {
  const read = (siteId: string) => {
    const { httpLogs, ...others } = documents.read(siteId, logs);
    const { retentionInDays, ...fileSystem } = readContainerLogging(documents, siteId);
    const shown = { ...fileSystem, retentionInDays: retentionInDays || null };
    return { ...others, httpLogs: { fileSystem: shown, ...(httpLogs as object) } };
  };

  function write(siteId: string, { httpLogs, ...others }: LogsRequest): void {
    const { enabled, retentionInMb, retentionInDays } = httpLogs?.fileSystem ?? {};
    const config = documents.read(siteId, webConfig);
    documents.write(siteId, webConfig, {
      ...config,
      httpLoggingEnabled: enabled ?? config.httpLoggingEnabled,
      logsDirectorySizeLimit: retentionInMb ?? config.logsDirectorySizeLimit,
    });
    if (retentionInDays != null) {
      const { [retentionDays]: _, ...settings } = documents.read(siteId, appSettings);
      const days = retentionInDays > 0 ? { [retentionDays]: String(retentionInDays) } : {};
      documents.write(siteId, appSettings, { ...settings, ...days });
    }
    const changes = Object.entries(others).filter(([, value]) => value != null);
    documents.write(siteId, logs, { ...documents.read(siteId, logs), ...Object.fromEntries(changes) });
  }

  return [
    {
      method: 'GET',
      path: '/config/logs',
      action: 'config/Read',
      handle: (site) => ({ status: 200, body: presentDocument(site, 'config/logs', read(site.id)) }),
    },
    {
      method: 'PUT',
      path: '/config/logs',
      action: 'config/Write',
      handle: (site, { body }) => {
        const changes = readProperties(logsSchema, body);
        refuseStorage(changes);
        resources.transaction(() => write(site.id, changes));
        // A container learns at its start whether it is logged: HTTP_LOGGING_ENABLED.
        appService.restart(site.id);
        return { status: 200, body: presentDocument(site, 'config/logs', read(site.id)) };
      },
    },
  ];
}

/** There is no storage account that logs could go to. */
function refuseStorage({ applicationLogs, httpLogs }: LogsRequest): void {
  if (httpLogs?.azureBlobStorage?.enabled) throw notImplemented('httpLogs.azureBlobStorage');
  for (const name of ['azureTableStorage', 'azureBlobStorage'] as const) {
    const wanted = String(applicationLogs?.[name]?.level ?? 'Off');
    if (!/^(off|false)$/i.test(wanted)) throw notImplemented(`applicationLogs.${name}`);
  }
}
