import { unsupportedQuery } from './graph-error.ts';

/** One condition of a `$filter`. */
export type Condition =
  | { operator: 'eq' | 'startswith'; property: string; value: string | boolean }
  /** Of a collection of strings: one of them is the value. */
  | { operator: 'any'; property: string; value: string };

const invalid = (filter: string) =>
  unsupportedQuery(`Unsupported or invalid query filter clause specified: ${filter}`);

/**
 * The part of OData that clients of role assignments send: `name eq 'value'`, `startswith(name,'value')` and
 * `names/any(x:x eq 'value')`, joined by `and`. A quote within a value is doubled.
 */
export function parseFilter(filter: string): Condition[] {
  const tokens = filter.match(/'(?:[^']|'')*'|\w+|[(),:/]|\S/g) ?? [];
  const take = () => tokens.shift() ?? '';
  const expect = (wanted: string) => {
    if (take().toLowerCase() !== wanted) throw invalid(filter);
  };
  const name = () => {
    const token = take();
    if (!/^[a-z]\w*$/i.test(token)) throw invalid(filter);
    return token;
  };
  const text = () => {
    const token = take();
    if (token.length < 2 || !token.startsWith("'") || !token.endsWith("'")) throw invalid(filter);
    return token.slice(1, -1).replaceAll("''", "'");
  };
  const value = () => (tokens[0] === 'true' || tokens[0] === 'false' ? take() === 'true' : text());

  function condition(): Condition {
    const first = name();
    if (first.toLowerCase() === 'startswith' && tokens[0] === '(') {
      expect('(');
      const property = name();
      expect(',');
      const prefix = text();
      expect(')');
      return { operator: 'startswith', property, value: prefix };
    }
    if (tokens[0] !== '/') {
      expect('eq');
      return { operator: 'eq', property: first, value: value() };
    }
    for (const part of ['/', 'any', '(']) expect(part);
    const variable = name();
    expect(':');
    expect(variable.toLowerCase());
    expect('eq');
    const wanted = text();
    expect(')');
    return { operator: 'any', property: first, value: wanted };
  }

  const conditions = [condition()];
  while (tokens.length > 0) {
    expect('and');
    conditions.push(condition());
  }
  return conditions;
}

/** Whether an entity, as clients see it, meets the condition. Strings are compared without case. */
export function matches(entity: Record<string, unknown>, condition: Condition): boolean {
  const { operator, property, value } = condition;
  const held = entity[property];
  if (!Object.hasOwn(entity, property) || (operator === 'any') !== Array.isArray(held))
    throw unsupportedQuery(`The property '${property}' cannot be filtered with '${operator}'.`);
  const fold = (one: unknown) => (typeof one === 'string' ? one.toLowerCase() : one);
  if (operator === 'any') return (held as unknown[]).some((one) => fold(one) === fold(value));
  if (operator === 'eq') return fold(held) === fold(value);
  return typeof held === 'string' && held.toLowerCase().startsWith(String(value).toLowerCase());
}
