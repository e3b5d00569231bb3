/** What a pricing tier allows, of what matters here. */
export interface Tier {
  name: string;
  maxWorkers: number;
  /** Source: learn.microsoft.com/azure/azure-resource-manager/management/azure-subscription-service-limits#app-service-limits */
  slots: number;
  alwaysOn: boolean;
}

const tier = (name: string, maxWorkers: number, slots: number, alwaysOn = true): Tier => ({
  name,
  maxWorkers,
  slots,
  alwaysOn,
});

const table: [pattern: RegExp, tier: Tier][] = [
  [/^F1$/, tier('Free', 1, 0, false)],
  [/^D1$/, tier('Shared', 1, 0, false)],
  [/^B[1-3]$/, tier('Basic', 3, 0)],
  [/^S[1-3]$/, tier('Standard', 10, 5)],
  [/^P[1-3]$/, tier('Premium', 20, 20)],
  [/^P[1-3]V2$/, tier('PremiumV2', 30, 20)],
  [/^(P[0-3]|P[1-5]M)V3$/, tier('PremiumV3', 30, 20)],
  [/^(P[0-3]|P[1-5]M)V4$/, tier('PremiumV4', 30, 20)],
  [/^I[1-3]$/, tier('Isolated', 100, 20)],
  [/^(I[1-6]|I[1-5]M)V2$/, tier('IsolatedV2', 100, 20)],
];

/** The tier that a SKU such as `P1v2` belongs to; undefined for one that is unknown. */
export const tierOf = (sku: string): Tier | undefined =>
  table.find(([pattern]) => pattern.test(sku.toUpperCase()))?.[1];

/** `B` of `B1`, `Pv2` of `P1v2`. */
export const familyOf = (sku: string) => sku.replace(/\d+/, '');
