import { z } from 'zod';
import { notImplemented } from '../../resource-manager/azure-error.ts';
import { parseBody, trackedResourceSchema } from '../../resource-manager/tracked-resource.ts';
import { unsupportedSku } from './errors.ts';
import type { RegistrySettings, SkuName } from './model.ts';

/** One of these words in any case, as Azure reads its enumerations; the answer has the specification's spelling. */
export const word = <const T extends string>(...words: T[]) =>
  z.string().transform((given, context): T => {
    const found = words.find((one) => one.toLowerCase() === given.toLowerCase());
    if (found) return found;
    context.addIssue(`'${given}' is not one of ${words.join(', ')}.`);
    return z.NEVER;
  });

const onOff = word('enabled', 'disabled');
const policy = z.looseObject({ status: onOff.optional() }).nullish();

const registrySchema = trackedResourceSchema.extend({
  sku: z.object({ name: z.string() }).nullish(),
  identity: z.looseObject({ type: z.string() }).nullish(),
  properties: z
    .object({
      adminUserEnabled: z.boolean().nullish(),
      networkRuleSet: z
        .object({
          defaultAction: word('Allow', 'Deny').optional(),
          ipRules: z.array(z.object({ action: word('Allow').default('Allow'), value: z.string() })).nullish(),
          virtualNetworkRules: z.array(z.unknown()).nullish(),
        })
        .nullish(),
      policies: z
        .object({
          quarantinePolicy: policy,
          trustPolicy: policy,
          retentionPolicy: policy,
          exportPolicy: policy,
          softDeletePolicy: policy,
          azureADAuthenticationAsArmPolicy: policy,
        })
        .nullish(),
      encryption: policy,
      dataEndpointEnabled: z.boolean().nullish(),
      publicNetworkAccess: word('Enabled', 'Disabled').nullish(),
      networkRuleBypassOptions: word('AzureServices', 'None').nullish(),
      zoneRedundancy: word('Enabled', 'Disabled').nullish(),
      anonymousPullEnabled: z.boolean().nullish(),
      roleAssignmentMode: word('LegacyRegistryPermissions', 'AbacRepositoryPermissions').nullish(),
    })
    .nullish(),
});

type Body = z.infer<typeof registrySchema>;
type Properties = NonNullable<Body['properties']>;

/** What a PUT or PATCH asks for. */
export interface RegistryChange {
  location?: string | undefined;
  tags?: Record<string, string>;
  sku?: SkuName;
  /** Only what the body names. */
  settings: Partial<RegistrySettings>;
}

/** Reads the body of a PUT or PATCH. Refuses what the local Azure could store and would not obey. */
export function readRegistry(body: unknown): RegistryChange {
  const { location, tags, sku, identity, properties } = parseBody(registrySchema, body);
  if (identity && identity.type.toLowerCase() !== 'none') throw notImplemented('identities of registries');
  if (properties) refuseUnsupported(properties);
  return {
    location,
    ...(tags ? { tags } : {}),
    ...(sku ? { sku: readSku(sku.name) } : {}),
    settings: properties ? toSettings(properties) : {},
  };
}

function readSku(name: string): SkuName {
  const skus: SkuName[] = ['Basic', 'Standard', 'Premium'];
  const found = skus.find((one) => one.toLowerCase() === name.toLowerCase());
  if (!found) throw unsupportedSku(name, skus);
  return found;
}

function refuseUnsupported({ policies, encryption, networkRuleSet }: Properties): void {
  const on = (given: { status?: string | undefined } | null | undefined) => given?.status === 'enabled';
  if (on(policies?.quarantinePolicy)) throw notImplemented('quarantine of images');
  if (on(policies?.trustPolicy)) throw notImplemented('content trust');
  if (on(policies?.retentionPolicy)) throw notImplemented('retention of untagged manifests');
  if (on(policies?.softDeletePolicy)) throw notImplemented('soft delete of artifacts');
  if (policies?.exportPolicy?.status === 'disabled') throw notImplemented('the export policy');
  if (on(encryption)) throw notImplemented('customer-managed keys');
  if (networkRuleSet?.virtualNetworkRules?.length) throw notImplemented('virtual network rules');
}

function toSettings({ networkRuleSet, policies, ...given }: Properties): Partial<RegistrySettings> {
  const status = policies?.azureADAuthenticationAsArmPolicy?.status;
  const { encryption: _, ...plain } = given;
  return {
    ...withoutNull(plain),
    ...(networkRuleSet
      ? {
          networkRuleSet: {
            defaultAction: networkRuleSet.defaultAction ?? 'Allow',
            ipRules: networkRuleSet.ipRules ?? [],
          },
        }
      : {}),
    ...(status ? { policies: { azureADAuthenticationAsArmPolicy: { status } } } : {}),
  };
}

/** The members that a body names. */
type WithoutNull<T> = { [K in keyof T]?: NonNullable<T[K]> };

export const withoutNull = <T extends object>(given: T): WithoutNull<T> =>
  Object.fromEntries(Object.entries(given).filter(([, value]) => value != null)) as WithoutNull<T>;
