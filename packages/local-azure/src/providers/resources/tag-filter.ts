import type { Condition } from '../../resource-manager/odata-filter.ts';

/** The value that a condition `name eq 'value'` asks for. */
export const wantedValue = (conditions: readonly Condition[], name: string): string | undefined =>
  conditions.flatMap((one) => ('eq' in one && one.eq === name ? [one.value] : []))[0];

export const isOfTags = (condition: Condition): boolean =>
  'eq' in condition && (condition.eq === 'tagname' || condition.eq === 'tagvalue');

/**
 * Has one and the same tag the name and the value that `tagName eq 'x' and tagValue eq 'y'` asks for? Names are compared
 * without case. Source: azure-rest-api-specs resources.json, "Resources_List" `$filter`
 */
export function hasTag(
  tags: Readonly<Record<string, string>> | undefined,
  conditions: readonly Condition[],
): boolean {
  const [name, value] = [wantedValue(conditions, 'tagname'), wantedValue(conditions, 'tagvalue')];
  if (name === undefined && value === undefined) return true;
  return Object.entries(tags ?? {}).some(
    ([held, its]) =>
      (name === undefined || held.toLowerCase() === name.toLowerCase()) &&
      (value === undefined || its === value),
  );
}
