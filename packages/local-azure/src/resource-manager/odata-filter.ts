import { badRequest } from './azure-error.ts';

/**
 * One condition of a `$filter`: `name eq 'value'`, or a function such as `atScope()`, `assignedTo('…')` or
 * `substringof('…', name)`.
 */
export type Condition = { eq: string; value: string } | { call: string; args: string[] };

/**
 * The part of OData that Resource Manager's lists take: conditions joined by `and`. Names are lower-cased, since
 * Azure compares them without case. A quote within a value is doubled.
 */
export function parseFilter(filter: string | null): Condition[] {
  if (filter === null || filter.trim() === '') return [];
  const refuse = () =>
    badRequest('InvalidFilterInQueryString', `Invalid $filter '${filter}' specified in the query string.`);
  const tokens = filter.match(/'(?:[^']|'')*'|[\w/.]+|[(),]|[^\s]/g) ?? [];
  const take = () => tokens.shift() ?? '';
  const takeValue = () => {
    const token = take();
    if (!/^'.*'$/s.test(token) || token.length < 2) throw refuse();
    return token.slice(1, -1).replaceAll("''", "'");
  };

  const conditions: Condition[] = [];
  for (;;) {
    const name = take().toLowerCase();
    if (!isName(name)) throw refuse();
    const operator = take().toLowerCase();
    if (operator === 'eq') conditions.push({ eq: name, value: takeValue() });
    else if (operator === '(') conditions.push({ call: name, args: takeArguments() });
    else throw refuse();
    const joiner = tokens.shift()?.toLowerCase();
    if (joiner === undefined) return conditions;
    if (joiner !== 'and') throw refuse();
  }

  function takeArguments(): string[] {
    const args: string[] = [];
    while (tokens[0] !== ')') {
      args.push(isName(tokens[0]) ? take() : takeValue());
      if (tokens[0] === ',') take();
      else if (tokens[0] !== ')') throw refuse();
    }
    take();
    return args;
  }
}

const isName = (token: string | undefined) => /^[a-z][\w/.]*$/i.test(token ?? '');

/** The refusal of a condition that parses and that this list does not know. */
export const unsupportedFilter = (condition: Condition) =>
  badRequest(
    'InvalidFilterInQueryString',
    `The filter condition '${'eq' in condition ? `${condition.eq} eq` : `${condition.call}()`}' is not supported.`,
  );

/** The `$top` of a list: how many at most; undefined for all. */
export function readTop(query: URLSearchParams): number | undefined {
  const top = query.get('$top');
  if (top === null) return undefined;
  if (!/^[1-9]\d{0,8}$/.test(top)) {
    throw badRequest('InvalidTopInQueryString', `Invalid $top '${top}' specified in the query string.`);
  }
  return Number(top);
}
