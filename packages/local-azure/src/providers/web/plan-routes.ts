import { z } from 'zod';
import { resourceNotFound } from '../../resource-manager/azure-error.ts';
import { pageOf, partsOf } from '../../resource-manager/paging.ts';
import { resourceName, sameId } from '../../resource-manager/resource-id.ts';
import type { ArmRequest, Route } from '../../resource-manager/route.ts';
import {
  parseBody,
  resolveLocation,
  trackedResourceSchema,
} from '../../resource-manager/tracked-resource.ts';
import type { Resources } from '../../store/resources.ts';
import { answering, invalidParameter, planInUse, tooManySlots, unknownSku } from './errors.ts';
import {
  type PlanBody,
  type PlanRecord,
  planSku,
  planType,
  presentPlan,
  presentSite,
  siteType,
  slotType,
} from './model.ts';
import { type Tier, tierOf } from './plan-skus.ts';
import { sitesOfPlan } from './sites.ts';

const subscriptionPath = `/subscriptions/{subscriptionId}/providers/${planType}`;
const groupPath = `/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/${planType}`;
const planPath = `${groupPath}/{name}`;

const planSchema = trackedResourceSchema.extend({
  kind: z.string().nullish(),
  sku: z.object({ name: z.string(), capacity: z.int().min(0).nullish() }).nullish(),
  properties: z
    .object({
      reserved: z.boolean().nullish(),
      hyperV: z.boolean().nullish(),
      isXenon: z.boolean().nullish(),
      perSiteScaling: z.boolean().nullish(),
      elasticScaleEnabled: z.boolean().nullish(),
      maximumElasticWorkerCount: z.int().nullish(),
      zoneRedundant: z.boolean().nullish(),
    })
    .nullish(),
});

/** `Microsoft.Web/serverfarms`: App Service plans. */
export function planRoutes(resources: Resources): Route[] {
  const groupId = ({ params }: ArmRequest) =>
    `/subscriptions/${params.subscriptionId}/resourceGroups/${params.resourceGroupName}`;
  const idOf = (request: ArmRequest) => `${groupId(request)}/providers/${planType}/${request.params.name}`;

  function find(request: ArmRequest): PlanRecord {
    const found = resources.get<PlanBody>(idOf(request));
    if (!found) throw resourceNotFound(planType, request.params.name!, request.params.resourceGroupName!);
    return found;
  }

  const present = (plan: PlanRecord) => presentPlan(plan, sitesOfPlan(resources, plan.id).length);
  const list = (request: ArmRequest, under: string) => ({
    status: 200,
    body: pageOf(request, (part) => resources.list<PlanBody>(under, planType, part), present),
  });

  function write(request: ArmRequest, existing: PlanRecord | undefined) {
    const body = parseBody(planSchema, request.body);
    const before = existing?.body;
    const name = request.params.name!;
    if (!/^[\w-]{1,60}$/.test(name)) throw invalidParameter('name');
    const sku = body.sku?.name ?? before?.sku.name ?? 'F1';
    const tier = tierOf(sku);
    if (!tier) throw unknownSku(sku);
    if (existing) checkSlots(existing.id, tier);
    const capacity = body.sku?.capacity ?? before?.sku.capacity ?? 1;
    if (capacity > tier.maxWorkers) throw invalidParameter('Capacity');
    const given = body.properties ?? {};
    const reserved = given.reserved ?? before?.properties.reserved ?? false;
    const tags = body.tags ?? (request.method === 'PATCH' ? before?.tags : undefined);
    const isPatch = request.method === 'PATCH';
    return resources.put<PlanBody>(existing?.id ?? idOf(request), planType, {
      location: isPatch ? before!.location! : resolveLocation(planType, name, body.location, existing),
      ...(tags ? { tags } : {}),
      kind: reserved ? 'linux' : 'app',
      sku: planSku(sku, Math.max(1, capacity)),
      properties: {
        reserved,
        hyperV: given.hyperV ?? before?.properties.hyperV ?? false,
        isXenon: given.isXenon ?? given.hyperV ?? before?.properties.isXenon ?? false,
        perSiteScaling: given.perSiteScaling ?? before?.properties.perSiteScaling ?? false,
        elasticScaleEnabled: given.elasticScaleEnabled ?? before?.properties.elasticScaleEnabled ?? false,
        maximumElasticWorkerCount:
          given.maximumElasticWorkerCount ?? before?.properties.maximumElasticWorkerCount ?? 1,
        zoneRedundant: given.zoneRedundant ?? before?.properties.zoneRedundant ?? false,
      },
    });
  }

  /** Source: MicrosoftDocs/azure-docs deploy-staging-slots.md, "To scale your app to a different tier" */
  function checkSlots(planId: string, tier: Tier): void {
    const apps = sitesOfPlan(resources, planId).filter(({ type }) => sameId(type, siteType));
    if (apps.some(({ id }) => resources.list(id, slotType).length > tier.slots))
      throw tooManySlots(tier.name);
  }

  const routes: Route[] = [
    {
      method: 'GET',
      path: subscriptionPath,
      action: `${planType}/read`,
      handle: (request) => list(request, `/subscriptions/${request.params.subscriptionId}`),
    },
    {
      method: 'GET',
      path: groupPath,
      action: `${planType}/read`,
      handle: (request) => list(request, groupId(request)),
    },
    {
      method: 'GET',
      path: planPath,
      action: `${planType}/read`,
      handle: (request) => ({ status: 200, body: present(find(request)) }),
    },
    {
      method: 'PUT',
      path: planPath,
      action: `${planType}/write`,
      handle: (request) => ({
        status: 200,
        body: present(write(request, resources.get<PlanBody>(idOf(request)))),
      }),
    },
    {
      method: 'PATCH',
      path: planPath,
      action: `${planType}/write`,
      handle: (request) => ({ status: 200, body: present(write(request, find(request))) }),
    },
    {
      method: 'DELETE',
      path: planPath,
      action: `${planType}/delete`,
      handle: (request) => {
        const plan = resources.get(idOf(request));
        if (!plan) return { status: 204 };
        const sites = sitesOfPlan(resources, plan.id);
        if (sites.length > 0) throw planInUse(sites.map(({ id }) => resourceName(id)));
        resources.delete(plan.id);
        return { status: 200 };
      },
    },
    {
      method: 'GET',
      path: `${planPath}/sites`,
      action: `${planType}/sites/read`,
      handle: (request) => {
        const plan = find(request);
        const apps = sitesOfPlan(resources, plan.id).filter(({ type }) => sameId(type, siteType));
        return { status: 200, body: pageOf(request, partsOf(apps), (site) => presentSite(site, plan)) };
      },
    },
  ];
  return routes.map((route) => ({ ...route, handle: answering(route.handle) }));
}
