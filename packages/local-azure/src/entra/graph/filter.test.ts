import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Condition, matches, parseFilter } from './filter.ts';
import { GraphError } from './graph-error.ts';

// What azure-cli sends: command_modules/role/custom.py.
test.each<[string, Condition[]]>([
  ["appId eq 'x'", [{ operator: 'eq', property: 'appId', value: 'x' }]],
  ["startswith(displayName,'x')", [{ operator: 'startswith', property: 'displayName', value: 'x' }]],
  [
    "servicePrincipalNames/any(c:c eq 'x')",
    [{ operator: 'any', property: 'servicePrincipalNames', value: 'x' }],
  ],
  [
    "identifierUris/any(s:s eq 'api://x')",
    [{ operator: 'any', property: 'identifierUris', value: 'api://x' }],
  ],
  [
    "displayName eq 'a' and mailNickname eq 'b'",
    [
      { operator: 'eq', property: 'displayName', value: 'a' },
      { operator: 'eq', property: 'mailNickname', value: 'b' },
    ],
  ],
  ['accountEnabled eq true', [{ operator: 'eq', property: 'accountEnabled', value: true }]],
  [
    "displayName eq 'it''s and eq (x)'",
    [{ operator: 'eq', property: 'displayName', value: "it's and eq (x)" }],
  ],
])('%s is understood', (filter, conditions) => expect(parseFilter(filter)).toEqual(conditions));

test.each([
  '',
  'appId',
  'appId eq',
  'appId eq x',
  "appId eq 'x",
  "appId ne 'x'",
  "appId eq 'x' or appId eq 'y'",
  "appId eq 'x' and",
  "startswith(displayName 'x')",
  "servicePrincipalNames/all(c:c eq 'x')",
  "servicePrincipalNames/any(c:d eq 'x')",
  "not(appId eq 'x')",
])('%j is refused', (filter) =>
  expect(() => parseFilter(filter)).toThrow(expect.objectContaining({ code: 'Request_UnsupportedQuery' })),
);

describe('properties', () => {
  const name = fc.stringMatching(/^[a-zA-Z]\w{0,8}$/).filter((one) => !/^(startswith|any)$/i.test(one));
  const quoted = (value: string) => `'${value.replaceAll("'", "''")}'`;
  const condition = fc.oneof(
    fc.record({
      operator: fc.constant('eq' as const),
      property: name,
      value: fc.oneof(fc.string(), fc.boolean()),
    }),
    fc.record({ operator: fc.constant('startswith' as const), property: name, value: fc.string() }),
    fc.record({ operator: fc.constant('any' as const), property: name, value: fc.string() }),
  );
  const write = ({ operator, property, value }: Condition) => {
    const text = typeof value === 'string' ? quoted(value) : String(value);
    if (operator === 'eq') return `${property} eq ${text}`;
    return operator === 'any' ? `${property}/any(v:v eq ${text})` : `startswith(${property}, ${text})`;
  };

  test('what is written is read again', () => {
    fc.assert(
      fc.property(fc.array(condition, { minLength: 1, maxLength: 4 }), (conditions) => {
        expect(parseFilter(conditions.map(write).join(' and '))).toEqual(conditions);
      }),
    );
  });

  test("nothing fails but with Graph's own error", () => {
    const fragments = fc.array(
      fc.oneof(fc.string(), fc.constantFrom("'", ' eq ', '(', ')', ',', ':', '/any(', ' and ', 'a', "'x'")),
    );
    fc.assert(
      fc.property(fragments, (parts) => {
        try {
          for (const one of parseFilter(parts.join(''))) matches({ a: 'x', b: ['x'], c: true, d: null }, one);
        } catch (error) {
          expect(error).toBeInstanceOf(GraphError);
        }
      }),
    );
  });
});

test.each([
  ["displayName eq 'OWNER'", true],
  ["displayName eq 'own'", false],
  ["startswith(displayName,'OW')", true],
  ["names/any(n:n eq 'B')", true],
  ["names/any(n:n eq 'c')", false],
  ['enabled eq true', true],
  ['enabled eq false', false],
])('%s: %s', (filter, expected) => {
  const entity = { displayName: 'owner', names: ['a', 'b'], enabled: true };
  expect(parseFilter(filter).every((one) => matches(entity, one))).toBe(expected);
});

test.each(["nothing eq 'x'", "names eq 'a'", "displayName/any(n:n eq 'x')", "toString eq 'x'"])(
  '%s fits no property',
  (filter) =>
    expect(() => matches({ displayName: 'owner', names: ['a'] }, parseFilter(filter)[0]!)).toThrow(
      expect.objectContaining({ code: 'Request_UnsupportedQuery' }),
    ),
);
