import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  isManagementGroup,
  isWithin,
  parseResourceId,
  type ResourceId,
  resourceType,
  rootManagementGroup,
  sameId,
  scopeChain,
  scopeKey,
  tenantScope,
} from './resource-id.ts';

/** The inverse of {@link parseResourceId}. */
function formatResourceId({ subscriptionId, resourceGroupName, resources }: ResourceId): string {
  const subscription = subscriptionId ? `/subscriptions/${subscriptionId}` : '';
  const group = resourceGroupName ? `/resourceGroups/${resourceGroupName}` : '';
  const rest = resources.map(
    ({ namespace, types, names }) =>
      `/providers/${namespace}${types.map((type, i) => `/${type}/${names[i]}`).join('')}`,
  );
  return `${subscription}${group}${rest.join('')}` || tenantScope;
}

const slot = '/subscriptions/s/resourceGroups/g/providers/Microsoft.Web/sites/app/slots/staging';

const name = fc
  .stringMatching(/^[A-Za-z0-9_.()-]{1,12}$/)
  .filter((text) => text.toLowerCase() !== 'providers');
const provider = fc.array(fc.tuple(name, name), { minLength: 1, maxLength: 3 }).chain((pairs) =>
  name.map((namespace) => ({
    namespace,
    types: pairs.map(([type]) => type),
    names: pairs.map(([, called]) => called),
  })),
);
const anyId = fc
  .record({ subscriptionId: name, resourceGroupName: name, resources: fc.array(provider, { maxLength: 2 }) })
  .map(({ subscriptionId, resourceGroupName, resources }) => ({
    subscriptionId,
    resourceGroupName,
    resources,
  }));

describe('resource ids', () => {
  test('an id is taken apart in its own spelling', () => {
    expect(parseResourceId(`${slot}/providers/Microsoft.Authorization/roleAssignments/r`)).toEqual({
      subscriptionId: 's',
      resourceGroupName: 'g',
      resources: [
        { namespace: 'Microsoft.Web', types: ['sites', 'slots'], names: ['app', 'staging'] },
        { namespace: 'Microsoft.Authorization', types: ['roleAssignments'], names: ['r'] },
      ],
    });
  });

  test.each([
    [slot, 'Microsoft.Web/sites/slots'],
    ['/subscriptions/s/resourceGroups/g', 'Microsoft.Resources/resourceGroups'],
    ['/subscriptions/s', 'Microsoft.Resources/subscriptions'],
    ['/', 'Microsoft.Resources/tenants'],
    [
      `${slot}/providers/Microsoft.Authorization/roleAssignments/r`,
      'Microsoft.Authorization/roleAssignments',
    ],
  ])('%s is of type %s', (id, type) => {
    expect(resourceType(parseResourceId(id)!)).toBe(type);
  });

  test.each([
    '',
    'subscriptions/s',
    '/subscriptions',
    '/subscriptions/s/',
    '/subscriptions/s/resourceGroups',
    '/foo',
    '/subscriptions/s/providers/Microsoft.Web',
    '/subscriptions/s/providers/Microsoft.Web/sites',
    `${slot}//x`,
    `${slot}/config`,
  ])('%j is no id', (text) => {
    expect(parseResourceId(text)).toBeUndefined();
  });

  test('formatting and parsing are inverse', () => {
    fc.assert(
      fc.property(anyId, (id) => {
        expect(parseResourceId(formatResourceId(id))).toEqual(id);
      }),
    );
  });

  test('parsing never throws, and what parses is formatted to the same id', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('/', 'subscriptions', 'providers', 'resourceGroups', 'x')),
        (parts) => {
          const text = parts.join('');
          const parsed = parseResourceId(text);
          if (parsed) expect(sameId(formatResourceId(parsed), text)).toBe(true);
        },
      ),
    );
  });

  test('an id is within itself and its ancestors in any case, and not within a longer name', () => {
    fc.assert(
      fc.property(anyId, name, (id, extra) => {
        const text = formatResourceId(id);
        const below = `${text}/${extra}`;
        expect(isWithin(text.toUpperCase(), text)).toBe(true);
        expect(isWithin(below, text)).toBe(true);
        expect(isWithin(text, '/')).toBe(true);
        expect(isWithin(text, below)).toBe(false);
        expect(isWithin(`${text}x`, text)).toBe(false);
      }),
    );
  });

  test('the management group is above the subscription and below the tenant', () => {
    const group = rootManagementGroup('t');
    expect(isManagementGroup(group.toUpperCase())).toBe(true);
    expect(isManagementGroup(`${group}/providers/Microsoft.Authorization/roleAssignments/r`)).toBe(false);
    expect(isWithin(slot, group)).toBe(true);
    expect(isWithin(group, '/')).toBe(true);
    expect(isWithin('/', group)).toBe(false);
    expect(isWithin(group, '/subscriptions/s')).toBe(false);
  });

  test('an id is within what is in its chain, and in nothing else', () => {
    const scope = fc.oneof(
      anyId.map(formatResourceId),
      fc.constantFrom('/', slot, '/subscriptions/s', rootManagementGroup('t')),
    );
    fc.assert(
      fc.property(scope, scope, (inner, outer) => {
        for (const above of [outer, inner.toUpperCase(), inner.slice(0, inner.lastIndexOf('/')) || '/'])
          expect(scopeChain(inner).includes(scopeKey(above))).toBe(isWithin(inner, above));
      }),
    );
  });
});
