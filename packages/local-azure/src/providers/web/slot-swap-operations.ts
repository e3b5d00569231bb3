import { z } from 'zod';
import type { Operations } from '../../resource-manager/operations.ts';
import type { ArmRequest } from '../../resource-manager/route.ts';
import { parseBody } from '../../resource-manager/tracked-resource.ts';
import { presentDocument, type SiteOperation } from './site-operations.ts';
import type { SlotSwaps } from './slot-swaps.ts';

const requestSchema = z.object({ targetSlot: z.string().min(1), preserveVnet: z.boolean().nullish() });

/** Swaps of slots. Source: azure-rest-api-specs specification/web, WebApps.json */
export function slotSwapOperations(
  swaps: SlotSwaps,
  operationsOf: (request: ArmRequest) => Operations,
): SiteOperation[] {
  const operations: SiteOperation[] = [
    {
      method: 'POST',
      path: '/slotsswap',
      action: 'slotsswap/Action',
      handle: (source, request) => {
        const swap = swaps.begin(source, parseBody(requestSchema, request.body));
        return operationsOf(request).start(request, swap);
      },
    },
    {
      method: 'POST',
      path: '/applySlotConfig',
      action: 'applySlotConfig/Action',
      handle: (source, { body }) => {
        swaps.prepare(source, parseBody(requestSchema, body));
        return { status: 200 };
      },
    },
    {
      method: 'POST',
      path: '/resetSlotConfig',
      action: 'resetSlotConfig/Action',
      handle: (site) => {
        swaps.cancel(site);
        return { status: 200 };
      },
    },
    {
      method: 'POST',
      path: '/slotsdiffs',
      action: 'slotsdiffs/Action',
      handle: (source, { body }) => {
        const rows = swaps.differences(source, parseBody(requestSchema, body));
        const value = rows.map((row) => presentDocument(source, `slotsdiffs/${row.settingName}`, row));
        return { status: 200, body: { value, nextLink: null } };
      },
    },
  ];
  // `az webapp deployment slot swap --action reset --target-slot production` asks `slots/production/resetSlotConfig`.
  return operations.map((operation) => ({ ...operation, namesProduction: true }));
}
