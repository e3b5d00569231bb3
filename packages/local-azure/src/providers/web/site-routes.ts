import { resourceNotFound } from '../../resource-manager/azure-error.ts';
import { createOperations } from '../../resource-manager/operations.ts';
import { pageOf } from '../../resource-manager/paging.ts';
import { etagOf } from '../../resource-manager/preconditions.ts';
import type { ArmRequest, ArmResponse, Route } from '../../resource-manager/route.ts';
import { answering } from './errors.ts';
import { identitiesToAssign } from './identity.ts';
import { type PlanRecord, presentSite, type SiteBody, type SiteRecord, siteType, slotType } from './model.ts';
import { publishingOperations } from './publishing.ts';
import { instanceOperations } from './site-instances.ts';
import { createSiteLocks } from './site-locks.ts';
import { appIdOf, productionSlot } from './site-names.ts';
import { type SiteOperation, siteActions } from './site-operations.ts';
import { siteSettings } from './site-settings.ts';
import { deleteSite, planOf, type WebContext, writeSite } from './sites.ts';
import { slotSwapOperations } from './slot-swap-operations.ts';
import { createSlotSwaps } from './slot-swaps.ts';

const subscriptionPath = `/subscriptions/{subscriptionId}/providers/${siteType}`;
const groupPath = `/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/${siteType}`;

/** Apps and slots are the same thing at two addresses. */
const kinds = [
  { type: siteType, path: `${groupPath}/{name}` },
  { type: slotType, path: `${groupPath}/{name}/slots/{slot}` },
] as const;

/** `Microsoft.Web/sites` and `Microsoft.Web/sites/slots`. */
export function siteRoutes(context: WebContext): Route[] {
  const { resources } = context;
  const locks = createSiteLocks();
  const swaps = createSlotSwaps(context, locks);
  /** Swaps are polled at the site that they were asked of. */
  const polls = new Map(
    kinds.map(({ type, path }) => [
      type,
      createOperations({ clock: context.clock, path: `${path}/operationresults/{operationId}` }),
    ]),
  );
  const pollsOf = ({ params }: ArmRequest) => polls.get(params.slot === undefined ? siteType : slotType)!;
  /** A site with its ETag, as App Service sends it with a site and with nothing else. */
  const show = (site: SiteRecord): ArmResponse => ({
    status: 200,
    headers: { etag: etagOf(site) },
    body: presentSite(site, planOf(resources, site)),
  });
  const list = (request: ArmRequest, under: string, type: string): ArmResponse => {
    const plans = new Map<string, PlanRecord | undefined>();
    const presentOf = (site: SiteRecord) => {
      const { serverFarmId } = site.body.properties;
      if (!plans.has(serverFarmId)) plans.set(serverFarmId, planOf(resources, site));
      return presentSite(site, plans.get(serverFarmId));
    };
    const page = pageOf(request, (part) => resources.list<SiteBody>(under, type, part), presentOf);
    return { status: 200, body: { nextLink: null, ...page } };
  };

  const operations: SiteOperation[] = [
    { method: 'GET', path: '', action: 'Read', handle: show },
    {
      method: 'PATCH',
      path: '',
      action: 'Write',
      linkedActions: identitiesToAssign,
      handle: ({ id }, request) => show(writeSite(context, id, request)),
    },
    {
      method: 'GET',
      path: '/slots',
      action: 'slots/Read',
      appOnly: true,
      handle: ({ id }, request) => list(request, id, slotType),
    },
    ...siteSettings(context),
    ...siteActions(context),
    ...instanceOperations(context),
    ...publishingOperations(context),
    ...slotSwapOperations(swaps, pollsOf),
  ];

  const ofExisting = ({ path, action, handle, appOnly, namesProduction, ...rest }: SiteOperation): Route[] =>
    kinds
      .filter(({ type }) => type === siteType || !appOnly)
      .map((kind) => ({
        ...rest,
        path: `${kind.path}${path}`,
        action: `${kind.type}/${action}`,
        handle: (request: ArmRequest) => {
          const site = find(request, namesProduction);
          locks.check(site, action);
          return handle(site, request);
        },
      }));

  /** The operations that a site need not exist for. */
  const ofAny = kinds.flatMap(({ type, path }): Route[] => [
    {
      method: 'PUT',
      path,
      action: `${type}/Write`,
      linkedActions: identitiesToAssign,
      handle: (request) => {
        const existing = resources.get<SiteBody>(idOf(request));
        if (existing) locks.check(existing, 'Write');
        return show(writeSite(context, idOf(request), request));
      },
    },
    {
      method: 'DELETE',
      path,
      action: `${type}/Delete`,
      handle: (request) => {
        const site = resources.get<SiteBody>(idOf(request));
        if (!site) return { status: 204 };
        swaps.cancel(site);
        // Azure deletes a plan with its last app, unless told otherwise.
        deleteSite(context, site, request.query.get('deleteEmptyServerFarm')?.toLowerCase() !== 'false');
        return { status: 200 };
      },
    },
  ]);

  function find(request: ArmRequest, namesProduction = false): SiteRecord {
    const { name = '', slot, resourceGroupName = '' } = request.params;
    const id = idOf(request);
    const isProduction = namesProduction && slot?.toLowerCase() === productionSlot;
    const found = resources.get<SiteBody>(isProduction ? appIdOf(id) : id);
    if (found) return found;
    throw slot === undefined
      ? resourceNotFound(siteType, name, resourceGroupName)
      : resourceNotFound(slotType, `${name}/${slot}`, resourceGroupName);
  }

  const routes: Route[] = [
    {
      method: 'GET',
      path: subscriptionPath,
      action: `${siteType}/Read`,
      handle: (request) => list(request, `/subscriptions/${request.params.subscriptionId}`, siteType),
    },
    {
      method: 'GET',
      path: groupPath,
      action: `${siteType}/Read`,
      handle: (request) => list(request, groupId(request), siteType),
    },
    ...ofAny,
    ...operations.flatMap(ofExisting),
    ...[...polls].map(([type, { route }]) => ({ ...route, action: `${type}/operationresults/Read` })),
  ];
  return routes.map((route) => ({ ...route, handle: answering(route.handle) }));
}

const groupId = ({ params }: ArmRequest): string =>
  `/subscriptions/${params.subscriptionId}/resourceGroups/${params.resourceGroupName}`;

function idOf(request: ArmRequest): string {
  const { name, slot } = request.params;
  const app = `${groupId(request)}/providers/${siteType}/${name}`;
  return slot === undefined ? app : `${app}/slots/${slot}`;
}
