import { z } from 'zod';
import type { RampUpRule } from '../../app-service/site.ts';
import { notImplemented } from '../../resource-manager/azure-error.ts';
import { isWithin, resourceName } from '../../resource-manager/resource-id.ts';
import type { Resources } from '../../store/resources.ts';
import { invalidParameter } from './errors.ts';
import { siteHost } from './site-names.ts';

/** `experiments` of `config/web`. Source: azure-rest-api-specs specification/web, "RampUpRule" */
const experimentsSchema = z.object({
  rampUpRules: z
    .array(
      z.looseObject({
        name: z.string().nullish(),
        actionHostName: z.string(),
        reroutePercentage: z.number().min(0).max(100),
      }),
    )
    .nullish(),
});

/** Percentages that change by themselves. */
const automatic = [
  'changeStep',
  'changeIntervalInMinutes',
  'minReroutePercentage',
  'maxReroutePercentage',
  'changeDecisionCallbackUrl',
];

/** Refuses rules that could not be obeyed. */
export function checkRampUpRules(experiments: unknown): void {
  const parsed = experimentsSchema.safeParse(experiments);
  const rules = parsed.data?.rampUpRules ?? [];
  const total = rules.reduce((sum, { reroutePercentage }) => sum + reroutePercentage, 0);
  if (!parsed.success || total > 100) throw invalidParameter('experiments.rampUpRules');
  const unknown = automatic.find((name) => rules.some((rule) => rule[name] != null));
  if (unknown) throw notImplemented(`ramp-up rules that change by themselves (${unknown})`);
}

/** The rules that lead to a slot of the app; the visitors of one that leads nowhere stay in production. */
export function rampUpRules(resources: Resources, appId: string, experiments: unknown): RampUpRule[] {
  const { data } = experimentsSchema.safeParse(experiments);
  return (data?.rampUpRules ?? []).flatMap(({ name, actionHostName, reroutePercentage }) => {
    const site = resources.getByHostName(siteHost(actionHostName));
    if (!site || !isWithin(site.id, `${appId}/slots`)) return [];
    return [{ name: name || resourceName(site.id), siteId: site.id, reroutePercentage }];
  });
}
