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

/** What a worker of a plan has. Sites of a plan share it, and each may use all of it. */
export interface WorkerSize {
  cores: number;
  memoryGiB: number;
}

const size = (cores: number, memoryGiB: number): WorkerSize => ({ cores, memoryGiB });

/** Source: azure.microsoft.com/pricing/details/app-service/linux, "Cores" and "RAM"; the shared tiers state no cores. */
const sizes: Record<string, WorkerSize> = {
  B1: size(1, 1.75),
  B2: size(2, 3.5),
  B3: size(4, 7),
  S1: size(1, 1.75),
  S2: size(2, 3.5),
  S3: size(4, 7),
  P1V2: size(1, 3.5),
  P2V2: size(2, 7),
  P3V2: size(4, 14),
  P0V3: size(1, 4),
  P1V3: size(2, 8),
  P2V3: size(4, 16),
  P3V3: size(8, 32),
};

/** Undefined where it is not known: such workers have what this machine has. */
export const workerSizeOf = (sku: string): WorkerSize | undefined => sizes[sku.toUpperCase()];
