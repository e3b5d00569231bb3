import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AzureError } from './azure-error.ts';
import { type Condition, parseFilter } from './odata-filter.ts';

describe('parseFilter', () => {
  test.each<[string | null, Condition[]]>([
    [null, []],
    ['', []],
    ["roleName eq 'AcrPull'", [{ eq: 'rolename', value: 'AcrPull' }]],
    [
      "name eq 'it''s' and atScope()",
      [
        { eq: 'name', value: "it's" },
        { call: 'atscope', args: [] },
      ],
    ],
    ["assignedTo('x')", [{ call: 'assignedto', args: ['x'] }]],
    ["f('a', 'b')", [{ call: 'f', args: ['a', 'b'] }]],
  ])('%j', (filter, expected) => {
    expect(parseFilter(filter)).toEqual(expected);
  });

  test.each([
    'name',
    'name eq',
    'name eq x',
    "name ne 'x'",
    "name eq 'x' or name eq 'y'",
    "name eq 'x' and",
    "a eq 'x",
    'atScope(',
    "f('a' 'b')",
    "eq 'x'",
    ')',
  ])('%j is refused', (filter) => {
    expect(() => parseFilter(filter)).toThrow(AzureError);
  });

  test('any value survives quoting, and nothing makes it fail otherwise than by a refusal', () => {
    fc.assert(
      fc.property(fc.string(), (value) => {
        expect(parseFilter(`name eq '${value.replaceAll("'", "''")}'`)).toEqual([{ eq: 'name', value }]);
        try {
          parseFilter(value);
        } catch (error) {
          expect(error).toBeInstanceOf(AzureError);
        }
      }),
    );
  });
});
