import { z } from 'zod';
import type { AppService } from '../../app-service/site.ts';
import type { Clock } from '../../clock.ts';
import type { Entra } from '../../entra/entra.ts';
import { notImplemented } from '../../resource-manager/azure-error.ts';
import { checkReservedName } from '../../resource-manager/reserved-names.ts';
import { resourceName as lastName, sameId } from '../../resource-manager/resource-id.ts';
import type { ArmRequest } from '../../resource-manager/route.ts';
import {
  parseBody,
  resolveLocation,
  trackedResourceSchema,
} from '../../resource-manager/tracked-resource.ts';
import type { Resources } from '../../store/resources.ts';
import type { Documents } from './documents.ts';
import {
  alwaysOnNotAllowed,
  invalidParameter,
  invalidSiteName,
  noAutoSwap,
  parentNotFound,
  planNotFound,
  siteNameTaken,
  tooManySlots,
} from './errors.ts';
import { applyIdentity, type IdentityChange, identitySchema, removeIdentity } from './identity.ts';
import {
  type PlanBody,
  type PlanRecord,
  planType,
  type SiteBody,
  type SiteRecord,
  siteDefaults,
  siteType,
  slotType,
} from './model.ts';
import { tierOf } from './plan-skus.ts';
import { newPublishingPassword } from './publishing-user.ts';
import { checkRampUpRules } from './ramp-up-rules.ts';
import { coerce, defaultSiteConfig, type Kind, mergeSiteConfig, type SiteConfig } from './site-config.ts';
import { appSettings, connectionStrings, publishingPassword, webConfig } from './site-documents.ts';
import { appIdOf, hostName, isValidSiteName, resourceName, siteNameOf } from './site-names.ts';
import { checkSubnet, mergeVnetRouting } from './vnet-routing.ts';

export interface WebContext {
  resources: Resources;
  entra: Entra;
  appService: AppService;
  documents: Documents;
  clock: Clock;
}

const pair = z.object({ name: z.string(), value: z.string().nullish() });
/** Besides `config/web` itself, it may carry settings that have documents of their own. */
export const siteConfigSchema = z.looseObject({
  appSettings: z.array(pair).nullish(),
  connectionStrings: z
    .array(z.object({ name: z.string(), connectionString: z.string(), type: z.string() }))
    .nullish(),
});
const siteSchema = trackedResourceSchema.extend({
  kind: z.string().nullish(),
  identity: identitySchema.nullish(),
  properties: z
    .looseObject({ serverFarmId: z.string().nullish(), siteConfig: siteConfigSchema.nullish() })
    .nullish(),
});
type SiteRequest = z.infer<typeof siteSchema>;

/** Creates or changes an app or a slot, and starts it afresh. */
export function writeSite(context: WebContext, id: string, request: ArmRequest): SiteRecord {
  const { resources, appService } = context;
  const existing = resources.get<SiteBody>(id);
  const body = parseBody(siteSchema, request.body);
  if (body.properties?.targetBuildVersion) throw notImplemented('swaps by targetBuildVersion');
  const site = resources.transaction(() => {
    if (!existing) checkName(resources, id);
    const written = existing ? updateSite(context, existing, body, request) : createSite(context, id, body);
    if (!existing && !body.properties?.siteConfig) cloneFromApp(context.documents, id);
    writeConfig(context, written, body.properties?.siteConfig ?? {}, planOf(resources, written));
    return withKind(context, written, body.kind);
  });
  appService.restart(site.id);
  return site;
}

export function planOf(resources: Resources, { body }: SiteRecord): PlanRecord | undefined {
  return resources.get<PlanBody>(body.properties.serverFarmId);
}

/** Apps and slots. */
export const allSites = (resources: Resources) => [
  ...resources.all<SiteBody>(siteType),
  ...resources.all<SiteBody>(slotType),
];

export const sitesOfPlan = (resources: Resources, planId: string): SiteRecord[] =>
  resources.ofServerFarm<SiteBody>(planId);

/** Deletes a site with its slots and identities. Their grants stay behind. */
export function deleteSite(
  { resources, entra, appService }: WebContext,
  site: SiteRecord,
  deleteEmptyPlan: boolean,
) {
  const gone = [...resources.list<SiteBody>(site.id, slotType), site];
  resources.transaction(() => {
    for (const { body } of gone) removeIdentity(entra.principals, body.identity);
    resources.delete(site.id);
    const planId = site.body.properties.serverFarmId;
    if (deleteEmptyPlan && resources.ofServerFarm(planId, 1).length === 0) resources.delete(planId);
  });
  for (const { id } of gone) appService.remove(id);
}

/** Writes `config/web` and what a `siteConfig` carries besides. */
export function writeConfig(
  { documents }: WebContext,
  { id }: SiteRecord,
  changes: z.infer<typeof siteConfigSchema>,
  plan: PlanRecord | undefined,
): SiteConfig {
  const current = documents.read(id, webConfig);
  const config = mergeSiteConfig(current, changes);
  const tier = plan && tierOf(plan.body.sku.name);
  if (config.alwaysOn === true && current.alwaysOn !== true && tier?.alwaysOn === false)
    throw alwaysOnNotAllowed();
  if (config.autoSwapSlotName) throw noAutoSwap();
  if (config.experiments !== current.experiments) checkRampUpRules(config.experiments);
  documents.write(id, webConfig, config);
  if (changes.appSettings) {
    documents.write(
      id,
      appSettings,
      Object.fromEntries(changes.appSettings.map(({ name, value }) => [name, value ?? ''])),
    );
  }
  if (changes.connectionStrings) {
    documents.write(
      id,
      connectionStrings,
      Object.fromEntries(
        changes.connectionStrings.map(({ name, connectionString: value, type }) => [name, { value, type }]),
      ),
    );
  }
  return config;
}

function createSite(context: WebContext, id: string, body: SiteRequest): SiteRecord {
  const { resources, documents } = context;
  const name = siteNameOf(id);
  const parent = name.slot === undefined ? undefined : requireParent(resources, id);
  const planId = body.properties?.serverFarmId ?? parent?.body.properties.serverFarmId;
  const plan = requirePlan(resources, planId, id);
  if (parent) checkSlotCount(resources, parent, plan);
  const type = parent ? slotType : siteType;
  documents.write(id, publishingPassword, newPublishingPassword());
  const identity = body.identity && { ...body.identity, isPatch: false };
  return putSite(context, id, undefined, identity, {
    location: resolveLocation(type, resourceName(name), body.location, undefined),
    ...(body.tags ? { tags: body.tags } : {}),
    properties: { ...siteDefaults, ...changesTo({}, body), serverFarmId: plan.id },
  });
}

/**
 * A slot that is made without a `siteConfig` has its app's settings, also those that are marked to stay there, and not
 * its identity. Sources: Azure/azure-cli issue 16805, Azure/azure-powershell issue 3934
 */
function cloneFromApp(documents: Documents, siteId: string): void {
  const appId = appIdOf(siteId);
  if (appId === siteId) return;
  const { experiments } = defaultSiteConfig;
  documents.write(siteId, webConfig, { ...documents.read(appId, webConfig), experiments });
  documents.write(siteId, appSettings, documents.read(appId, appSettings));
  documents.write(siteId, connectionStrings, documents.read(appId, connectionStrings));
}

function updateSite(
  context: WebContext,
  existing: SiteRecord,
  body: SiteRequest,
  { method }: ArmRequest,
): SiteRecord {
  const { body: before, id } = existing;
  const isPatch = method === 'PATCH';
  const planId = body.properties?.serverFarmId;
  const serverFarmId = planId
    ? requirePlan(context.resources, planId, id).id
    : before.properties.serverFarmId;
  const tags = body.tags ?? (isPatch ? before.tags : undefined);
  const name = resourceName(siteNameOf(id));
  const identity = body.identity && { ...body.identity, isPatch };
  return putSite(context, id, existing, identity, {
    location: isPatch ? before.location! : resolveLocation(siteType, name, body.location, existing),
    ...(tags ? { tags } : {}),
    ...(before.kind ? { kind: before.kind } : {}),
    properties: { ...before.properties, ...changesTo(before.properties, body), serverFarmId },
  });
}

function putSite(
  context: WebContext,
  id: string,
  existing: SiteRecord | undefined,
  wanted: IdentityChange | null | undefined,
  body: Omit<SiteBody, 'identity'>,
): SiteRecord {
  const name = siteNameOf(id);
  const { app, slot } = name;
  const owner = { id, principalName: slot === undefined ? app : `${app}/slots/${slot}` };
  const current = existing?.body.identity;
  // A write that does not mention the identity leaves it alone.
  const identity = wanted ? applyIdentity(context, owner, current, wanted) : current;
  const type = slot === undefined ? siteType : slotType;
  const written = { ...body, ...(identity ? { identity: { ...identity } } : {}) } as SiteBody;
  return context.resources.put(id, type, written, hostName(name));
}

/** `app,linux,container`: Azure works the kind out when the client gives none, and a slot has its app's. */
function withKind(
  { resources, documents }: WebContext,
  site: SiteRecord,
  given: string | null | undefined,
): SiteRecord {
  const { slot } = siteNameOf(site.id);
  const parent = slot === undefined ? undefined : resources.get<SiteBody>(appIdOf(site.id));
  const isContainer = /^docker\|/i.test(String(documents.read(site.id, webConfig).linuxFxVersion ?? ''));
  const reserved = planOf(resources, site)?.body.properties.reserved ?? false;
  const derived = ['app', ...(reserved ? ['linux'] : []), ...(isContainer ? ['container'] : [])].join(',');
  const kind = given ?? site.body.kind ?? parent?.body.kind ?? derived;
  return resources.put<SiteBody>(site.id, slot === undefined ? siteType : slotType, { ...site.body, kind });
}

function checkName(resources: Resources, id: string): void {
  const name = siteNameOf(id);
  if (!isValidSiteName(name)) throw invalidSiteName(resourceName(name));
  checkReservedName(name.app);
  // An app `a-b` and a slot `b` of an app `a` would have the same host name.
  if (resources.getByHostName(hostName(name))) throw siteNameTaken(resourceName(name));
}

function requireParent(resources: Resources, slotId: string): SiteRecord {
  const parentId = appIdOf(slotId);
  const parent = resources.get<SiteBody>(parentId);
  if (!parent) throw parentNotFound(parentId);
  return parent;
}

/** A plan is named by its id; a bare name means one in the site's own group. */
function requirePlan(resources: Resources, planId: string | null | undefined, siteId: string): PlanRecord {
  if (!planId) throw invalidParameter('ServerFarmId');
  const group = siteId.slice(0, siteId.toLowerCase().indexOf('/providers/'));
  const plan = resources.get<PlanBody>(
    planId.includes('/') ? planId : `${group}/providers/${planType}/${planId}`,
  );
  if (!plan || !sameId(plan.type, planType)) throw planNotFound(lastName(planId));
  return plan;
}

function checkSlotCount(resources: Resources, parent: SiteRecord, plan: PlanRecord): void {
  const tier = tierOf(plan.body.sku.name);
  if (!tier || resources.list(parent.id, slotType).length < tier.slots) return;
  throw tooManySlots(tier.name);
}

/** What a request changes of the properties. */
function changesTo(before: Record<string, unknown>, { properties }: SiteRequest): Record<string, unknown> {
  const given = pickWritable(properties ?? {});
  checkSubnet(given.virtualNetworkSubnetId);
  return { ...given, ...mergeVnetRouting(before, given) };
}

/** App Service keeps the members that it knows, and passes over the rest. */
function pickWritable(given: Record<string, unknown>): Record<string, unknown> {
  const names = Object.keys(siteDefaults) as (keyof typeof siteDefaults)[];
  return Object.fromEntries(
    Object.entries(given).flatMap(([key, value]) => {
      const name = names.find((one) => one.toLowerCase() === key.toLowerCase());
      if (!name || value === null || value === undefined) return [];
      return [[name, coerce(name, kindOf(name), value)]];
    }),
  );
}

/** What its default tells; the members that are null at first are strings, but for one. */
function kindOf(name: keyof typeof siteDefaults): Kind {
  if (name === 'outboundVnetRouting') return 'object';
  const kinds: Record<string, Kind> = { boolean: 'boolean', number: 'integer' };
  return kinds[typeof siteDefaults[name]] ?? 'string';
}
