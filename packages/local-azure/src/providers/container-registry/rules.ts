import { parseIpv4Range } from '../../ipv4-ranges.ts';
import { sameId } from '../../resource-manager/resource-id.ts';
import type { Resources } from '../../store/resources.ts';
import { featureNotSupported, ipRuleInvalid, type NameProblem, tooManyIpRules } from './errors.ts';
import { loginServerOf, type RegistrySettings, type SkuName } from './model.ts';

/**
 * One letter too short for Azure, and let through all the same: the name of the registry in the article that this
 * project starts from, so that its commands run as they are printed.
 */
const articleName = 'hoge';

/** Why a name cannot be taken; undefined when it can. Names are unique in all of Azure, since they are host names. */
export function checkName(name: string, resources: Resources, ownId?: string): NameProblem | undefined {
  if (!/^[a-z0-9]{5,50}$/i.test(name) && name !== articleName) {
    return {
      reason: 'Invalid',
      message:
        `The specified resource name '${name}' is invalid. ` +
        'It can contain only alpha numeric characters and must be between 5 and 50 characters.',
    };
  }
  const loginServer = loginServerOf(name);
  const holder = resources.getByHostName(loginServer);
  if (!holder || (ownId && sameId(holder.id, ownId))) return undefined;
  return {
    reason: 'AlreadyInUse',
    message:
      `The registry DNS name ${loginServer} is already in use. You can check if the name is already claimed using ` +
      'following API: https://docs.microsoft.com/en-us/rest/api/containerregistry/registries/checknameavailability',
  };
}

/** Source: learn.microsoft.com/azure/container-registry/container-registry-skus, features by tier */
export function checkSku(sku: SkuName, settings: RegistrySettings): void {
  const needs = (feature: string, tiers: SkuName[]) => {
    if (!tiers.includes(sku)) throw featureNotSupported(feature, sku, tiers);
  };
  if (settings.anonymousPullEnabled) needs('Anonymous pull', ['Standard', 'Premium']);
  if (settings.dataEndpointEnabled) needs('A dedicated data endpoint', ['Premium']);
  if (settings.networkRuleSet.defaultAction === 'Deny') needs('A network rule set', ['Premium']);
  if (settings.publicNetworkAccess === 'Disabled') needs('Disabling public network access', ['Premium']);
  if (settings.zoneRedundancy === 'Enabled') needs('Zone redundancy', ['Premium']);
}

/** Source: MicrosoftDocs/azure-docs container-registry-access-selected-networks.md */
const maxIpRules = 100;

/** Refuses rules on addresses that could not be kept. Source: azure-rest-api-specs containerregistry IPRule */
export function checkIpRules({ ipRules }: RegistrySettings['networkRuleSet']): void {
  if (ipRules.length > maxIpRules) throw tooManyIpRules(maxIpRules);
  const invalid = ipRules.find(({ value }) => !parseIpv4Range(value));
  if (invalid) throw ipRuleInvalid(invalid.value);
}

const gibibyte = 1024 ** 3;

/**
 * `storage` is what the price includes, in bytes: a push beyond it is let in, and charged, up to 40 TiB, so that nothing
 * is refused here; `-1` is no limit. Source: learn.microsoft.com/azure/container-registry/container-registry-skus
 */
export const limits: Record<SkuName, { storage: number; webhooks: number; replications: number }> = {
  Basic: { storage: 10 * gibibyte, webhooks: 2, replications: 0 },
  Standard: { storage: 100 * gibibyte, webhooks: 10, replications: 0 },
  Premium: { storage: 500 * gibibyte, webhooks: 500, replications: -1 },
};

/** How many tokens, and how many scope maps beside those of the system. Source: as above, features and limits */
export const tokenLimits: Record<SkuName, number> = { Basic: 100, Standard: 500, Premium: 50_000 };

/** How many actions a scope map may have, whatever the tier. Source: as above */
export const scopeMapActionLimit = 500;
