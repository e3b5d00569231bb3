import type { RequestAttributes } from './access.ts';
import type { Comparison, RoleCondition } from './role-condition.ts';
import { anyOne, anyRun, matchesAction, matchesPattern, type Pattern } from './wildcards.ts';

/**
 * Does the condition hold for a request? Undefined when that hangs on an attribute that the request has not: a `!`
 * in front of it makes that no more certain.
 */
export function evaluate(
  condition: RoleCondition,
  action: string,
  attributes: RequestAttributes,
): boolean | undefined {
  const of = (inner: RoleCondition) => evaluate(inner, action, attributes);
  if ('and' in condition) return allOf(condition.and.map(of));
  if ('or' in condition) return not(allOf(condition.or.map(of).map(not)));
  if ('not' in condition) return not(of(condition.not));
  if ('actionMatches' in condition) return matchesAction(condition.actionMatches, action);
  if ('exists' in condition) return attributes[condition.exists] !== undefined;
  const value = attributes[condition.attribute];
  return value === undefined ? undefined : compare(condition, value);
}

const not = (result: boolean | undefined) => (result === undefined ? undefined : !result);

function allOf(results: (boolean | undefined)[]): boolean | undefined {
  if (results.includes(false)) return false;
  return results.includes(undefined) ? undefined : true;
}

function compare({ operator, negated, ignoreCase, all, values }: Comparison, value: string): boolean {
  const fold = (text: string) => (ignoreCase ? text.toLowerCase() : text);
  const satisfies = (wanted: string) => holds[operator](fold(value), fold(wanted)) !== negated;
  return all ? values.every(satisfies) : values.some(satisfies);
}

const holds: Record<Comparison['operator'], (value: string, wanted: string) => boolean> = {
  Equals: (value, wanted) => value === wanted,
  StartsWith: (value, wanted) => value.startsWith(wanted),
  Like: (value, wanted) => matchesPattern(parseLike(wanted), value),
};

/** `*` is any run of characters and `?` any one; a backslash makes either stand for itself. */
const parseLike = (text: string): Pattern =>
  (text.match(/\\[*?]|./gs) ?? []).map((token) => {
    if (token === '*') return anyRun;
    return token === '?' ? anyOne : token.slice(-1);
  });
