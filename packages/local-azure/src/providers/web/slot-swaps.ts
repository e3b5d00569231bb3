import { SwapFailure } from '../../app-service/site.ts';
import { sameId } from '../../resource-manager/resource-id.ts';
import type { Document } from './documents.ts';
import {
  invalidParameter,
  noPreviewWithAuthentication,
  preparedForSwap,
  slotNotFound,
  sourceDidNotAnswer,
} from './errors.ts';
import { type SiteBody, type SiteRecord, siteType, slotType } from './model.ts';
import { authSettings, slotConfigNames } from './site-documents.ts';
import type { SiteLocks } from './site-locks.ts';
import { appIdOf, productionSlot, siteNameOf } from './site-names.ts';
import type { WebContext } from './sites.ts';
import { createSlotContents } from './slot-contents.ts';
import { type SlotDifference, slotDifferences } from './slot-differences.ts';
import { type AppliedSettings, afterSwap, settingsForTarget, slotRules } from './slot-swap.ts';

/** Source: azure-rest-api-specs specification/web, "CsmSlotEntity"; the portal sends `targetSlot` alone. */
export interface SwapRequest {
  targetSlot: string;
  preserveVnet?: boolean | null | undefined;
}

/** What the source of a swap with preview had before. Holds secrets: no GET reads it. */
const preparedSwap: Document<{ ownSettings: AppliedSettings | null }> = {
  path: 'slotswap/prepared',
  initial: { ownSettings: null },
};

/** Swaps of slots: transactions on what the resources say, and orders to the workers. */
export interface SlotSwaps {
  /** Locks both sites, and returns the swap itself. It rejects with Azure's error when the source does not answer. */
  begin(source: SiteRecord, request: SwapRequest): () => Promise<void>;
  /** The first phase of a swap with preview: the source gets the settings that stay with the target. */
  prepare(source: SiteRecord, request: SwapRequest): void;
  /** Gives up the swap with preview that the site is the source or the target of, if there is one. */
  cancel(site: SiteRecord): void;
  differences(source: SiteRecord, request: SwapRequest): SlotDifference[];
}

export function createSlotSwaps(context: WebContext, locks: SiteLocks): SlotSwaps {
  const { resources, documents, appService, clock } = context;
  const contents = createSlotContents(resources, documents);

  function begin(source: SiteRecord, request: SwapRequest): () => Promise<void> {
    const target = targetOf(source, request.targetSlot);
    const isPrepared = isPreparedFor(source, target);
    if (!isPrepared) checkUnprepared(source, target);
    const failure = () => sourceDidNotAnswer(siteNameOf(source.id).app, slotNameOf(source));
    if (!source.body.properties.enabled) throw failure();
    const unlock = locks.hold([source, target]);

    return async () => {
      try {
        const { appSettings } = isPrepared
          ? contents.read(source)
          : compare(source, target, request).settings;
        await appService.swap({
          sourceId: source.id,
          targetId: target.id,
          settings: { appSettings },
          isPrepared,
          commit: () => exchange(source.id, target.id, request),
        });
      } catch (error) {
        throw error instanceof SwapFailure ? failure() : error;
      } finally {
        unlock();
      }
    };
  }

  /** Swaps what both sites are: all of it, or nothing. */
  function exchange(sourceId: string, targetId: string, request: SwapRequest): void {
    resources.transaction(() => {
      const [source, target] = [find(sourceId), find(targetId)];
      restore(source);
      const { own, others, stays } = compare(source, target, request);
      const slotSwapStatus = {
        timestampUtc: new Date(clock.now()).toISOString(),
        sourceSlotName: slotNameOf(source),
        destinationSlotName: slotNameOf(target),
      };
      for (const [site, content] of [
        [source, afterSwap(own, others, stays)],
        [target, afterSwap(others, own, stays)],
      ] as const) {
        const properties = { ...content.properties, targetSwapSlot: null, slotSwapStatus };
        contents.write(site, { ...content, properties });
      }
    });
  }

  function prepare(source: SiteRecord, request: SwapRequest): void {
    const target = targetOf(source, request.targetSlot);
    checkUnprepared(source, target);
    if ([source, target].some(({ id }) => documents.read(id, authSettings).enabled === true)) {
      throw noPreviewWithAuthentication();
    }
    const unlock = locks.hold([source, target]);
    try {
      resources.transaction(() => apply(source, target, request));
    } finally {
      unlock();
    }
    appService.restart(source.id);
  }

  function apply(source: SiteRecord, target: SiteRecord, request: SwapRequest): void {
    const { own, settings } = compare(source, target, request);
    const { appSettings, connectionStrings } = own;
    documents.write(source.id, preparedSwap, { ownSettings: { appSettings, connectionStrings } });
    contents.writeSettings(source, settings);
    mark(source, slotNameOf(target));
    mark(target, slotNameOf(source));
  }

  function cancel(site: SiteRecord): void {
    const { targetSwapSlot } = site.body.properties;
    if (!targetSwapSlot) return;
    const pair = [site, slotOf(site, targetSwapSlot)].filter((one) => one !== undefined);
    const source = pair.find(({ id }) => ownSettings(id));
    resources.transaction(() => {
      if (source) restore(source);
      for (const one of pair) mark(one, null);
    });
    if (source) appService.restart(source.id);
  }

  /** Both slots, what stays with them, and the settings that the source has in the target's place. */
  function compare(source: SiteRecord, target: SiteRecord, { preserveVnet }: SwapRequest) {
    const [own, others] = [contents.read(source), contents.read(target)];
    const names = documents.read(appIdOf(source.id), slotConfigNames);
    const stays = slotRules(names, preserveVnet ?? true, [own, others]);
    return { own, others, stays, settings: settingsForTarget(own, others, stays) };
  }

  /** Null for a site that is not the source of a swap with preview. */
  const ownSettings = (siteId: string) => documents.read(siteId, preparedSwap).ownSettings;

  function restore(source: SiteRecord): void {
    const own = ownSettings(source.id);
    if (!own) return;
    contents.writeSettings(source, own);
    documents.write(source.id, preparedSwap, { ownSettings: null });
  }

  const mark = ({ id, type, body }: SiteRecord, targetSwapSlot: string | null) =>
    resources.put<SiteBody>(id, type, { ...body, properties: { ...body.properties, targetSwapSlot } });

  const isPreparedFor = (source: SiteRecord, target: SiteRecord) =>
    ownSettings(source.id) !== null && source.body.properties.targetSwapSlot === slotNameOf(target);

  function checkUnprepared(...sites: SiteRecord[]): void {
    if (sites.some(({ body }) => body.properties.targetSwapSlot)) throw preparedForSwap();
  }

  function targetOf(source: SiteRecord, targetSlot: string): SiteRecord {
    const target = slotOf(source, targetSlot);
    if (!target) throw slotNotFound(targetSlot);
    if (sameId(target.id, source.id)) throw invalidParameter('targetSlot');
    return target;
  }

  /** Another slot of the site's app, by name. */
  function slotOf({ id }: SiteRecord, name: string): SiteRecord | undefined {
    const isProduction = name.toLowerCase() === productionSlot;
    const found = resources.get<SiteBody>(isProduction ? appIdOf(id) : `${appIdOf(id)}/slots/${name}`);
    return found && sameId(found.type, isProduction ? siteType : slotType) ? found : undefined;
  }

  function find(id: string): SiteRecord {
    const found = resources.get<SiteBody>(id);
    if (!found) throw slotNotFound(siteNameOf(id).slot ?? productionSlot);
    return found;
  }

  return {
    begin,
    prepare,
    cancel,
    differences(source, request) {
      const { own, others, stays } = compare(source, targetOf(source, request.targetSlot), request);
      return slotDifferences(own, others, stays);
    },
  };
}

const slotNameOf = ({ id }: SiteRecord) => siteNameOf(id).slot ?? productionSlot;
