import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { Document } from './documents.ts';
import type { SiteConfig } from './site-config.ts';
import {
  appSettings,
  authSettings,
  connectionStrings,
  metadata,
  publishingPolicies,
  slotConfigNames,
  storageAccounts,
  webConfig,
} from './site-documents.ts';
import { logOperations } from './site-logs.ts';
import { siteNameOf } from './site-names.ts';
import { presentDocument, readProperties, type SiteOperation } from './site-operations.ts';
import { planOf, siteConfigSchema, type WebContext, writeConfig } from './sites.ts';

type Properties = Record<string, unknown>;

/** App Service keeps settings as strings; a null one is empty. */
const strings = z.record(
  z.string().min(1),
  z.union([z.string(), z.number(), z.boolean(), z.null()]).transform((value) => String(value ?? '')),
);
const connections = z.record(z.string(), z.object({ value: z.string(), type: z.string() }));
const anything = z.record(z.string(), z.unknown());
const names = z.array(z.string()).nullish();
const slotNames = z.object({
  connectionStringNames: names,
  appSettingNames: names,
  azureStorageConfigNames: names,
});
const policy = z.object({ allow: z.boolean() });

/** The `config/…` operations. A write restarts the site, as on the platform, but for one of traffic routing. */
export function siteSettings(context: WebContext): SiteOperation[] {
  const { documents, appService } = context;

  const webConfigOperation = (method: 'PUT' | 'PATCH'): SiteOperation => ({
    method,
    path: '/config/web',
    action: 'config/Write',
    handle: (site, { body }) => {
      const before = documents.read(site.id, webConfig);
      const changes = readProperties(siteConfigSchema, body);
      const plan = planOf(context.resources, site);
      // It may carry settings that have documents of their own.
      const config = context.resources.transaction(() => writeConfig(context, site, changes, plan));
      if (!isRoutingOnly(before, config)) appService.restart(site.id);
      return { status: 200, body: presentDocument(site, 'config/web', config, lastName(site.id)) };
    },
  });

  /** Settings that may hold secrets: written by PUT, read by POST …/list, which is a permission of its own. */
  const secretSettings = <T extends Properties>(
    document: Document<T>,
    schema: z.ZodType<T>,
  ): SiteOperation[] => [
    {
      method: 'PUT',
      path: `/${document.path}`,
      action: 'config/Write',
      handle: (site, { body }) => {
        const value = documents.write(site.id, document, readProperties(schema, body));
        appService.restart(site.id);
        return { status: 200, body: presentDocument(site, document.path, value) };
      },
    },
    {
      method: 'POST',
      path: `/${document.path}/list`,
      action: 'config/list/Action',
      handle: (site) => ({
        status: 200,
        body: presentDocument(site, document.path, documents.read(site.id, document)),
      }),
    },
  ];

  /** Settings without secrets; a write changes what it mentions. */
  const openSettings = <T extends Properties>(
    document: Document<T>,
    schema: z.ZodType<Properties>,
    resource: string,
    options: Pick<SiteOperation, 'appOnly'> = {},
  ): SiteOperation[] => [
    {
      ...options,
      method: 'GET',
      path: `/${document.path}`,
      action: `${resource}/Read`,
      handle: (site) => ({
        status: 200,
        body: presentDocument(site, document.path, documents.read(site.id, document)),
      }),
    },
    {
      ...options,
      method: 'PUT',
      path: `/${document.path}`,
      action: `${resource}/Write`,
      handle: (site, { body }) => {
        const changes = Object.entries(readProperties(schema, body)).filter(([, value]) => value != null);
        const value = { ...documents.read(site.id, document), ...Object.fromEntries(changes) };
        return {
          status: 200,
          body: presentDocument(site, document.path, documents.write(site.id, document, value)),
        };
      },
    },
  ];

  return [
    {
      method: 'GET',
      path: '/config/web',
      action: 'config/Read',
      handle: (site) => {
        const config = documents.read(site.id, webConfig);
        return { status: 200, body: presentDocument(site, 'config/web', config, lastName(site.id)) };
      },
    },
    {
      method: 'GET',
      path: '/config',
      action: 'config/Read',
      handle: (site) => {
        const config = documents.read(site.id, webConfig);
        return {
          status: 200,
          body: { value: [presentDocument(site, 'config/web', config, lastName(site.id))], nextLink: null },
        };
      },
    },
    webConfigOperation('PUT'),
    webConfigOperation('PATCH'),
    ...secretSettings(appSettings, strings),
    ...secretSettings(connectionStrings, connections),
    ...secretSettings(metadata, strings),
    ...secretSettings(storageAccounts, anything),
    ...secretSettings(authSettings, anything),
    ...openSettings(slotConfigNames, slotNames, 'config', { appOnly: true }),
    ...logOperations(context),
    // The permission names the policy: MicrosoftDocs/azure-docs articles/app-service/configure-basic-auth-disable.md
    ...Object.values(publishingPolicies).flatMap((document) => openSettings(document, policy, document.path)),
    {
      method: 'GET',
      path: '/basicPublishingCredentialsPolicies',
      action: 'basicPublishingCredentialsPolicies/Read',
      handle: (site) => ({
        status: 200,
        body: {
          value: Object.values(publishingPolicies).map((document) =>
            presentDocument(site, document.path, documents.read(site.id, document)),
          ),
        },
      }),
    },
  ];
}

/** Whether no more was changed than where visitors are led, which is the front ends' matter and no container's. */
const isRoutingOnly = (before: SiteConfig, { experiments, ...config }: SiteConfig): boolean =>
  !isDeepStrictEqual(before.experiments, experiments) &&
  isDeepStrictEqual({ ...before, experiments }, { ...config, experiments });

/** `config/web` bears the site's name, not its own. */
function lastName(siteId: string): string {
  const { app, slot } = siteNameOf(siteId);
  return slot ?? app;
}
