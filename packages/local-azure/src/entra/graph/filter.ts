import type { ServicePrincipal } from '../entra.ts';

type Predicate = (principal: ServicePrincipal) => boolean;

const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();

/** The OData filters on service principals that are understood, and what each means. */
const filters: { pattern: RegExp; predicate(value: string): Predicate }[] = [
  {
    // A principal's names here are its client id alone.
    pattern: /^servicePrincipalNames\/any\((\w+):\1 eq '((?:[^']|'')*)'\)$/i,
    predicate: (value) => (principal) => same(principal.appId, value),
  },
  { pattern: /^appId eq (')((?:[^']|'')*)'$/i, predicate: (value) => (p) => same(p.appId, value) },
  { pattern: /^id eq (')((?:[^']|'')*)'$/i, predicate: (value) => (p) => same(p.id, value) },
  {
    pattern: /^displayName eq (')((?:[^']|'')*)'$/i,
    predicate: (value) => (p) => same(p.displayName, value),
  },
  {
    pattern: /^startswith\(displayName, ?(')((?:[^']|'')*)'\)$/i,
    predicate: (value) => (p) => p.displayName.toLowerCase().startsWith(value.toLowerCase()),
  },
];

/** The meaning of a `$filter` on service principals; undefined when it is not understood. */
export function parsePrincipalFilter(filter: string): Predicate | undefined {
  for (const { pattern, predicate } of filters) {
    const value = pattern.exec(filter.trim())?.[2];
    if (value !== undefined) return predicate(value.replaceAll("''", "'"));
  }
  return undefined;
}
