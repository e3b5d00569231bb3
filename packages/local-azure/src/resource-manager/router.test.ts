import { describe, expect, test } from 'vitest';
import type { Route } from './route.ts';
import { createRouter } from './router.ts';

const route = (method: Route['method'], path: string): Route => ({
  method,
  path,
  action: 'x',
  handle: () => ({ status: 200 }),
});
const sites = '/subscriptions/{s}/resourceGroups/{g}/providers/Microsoft.Web/sites';
const router = createRouter([
  route('GET', `${sites}/{name}`),
  route('PUT', `${sites}/{siteName}`),
  route('GET', `${sites}/{name}/config/web`),
  route('GET', `${sites}/{name}/config/{kind}`),
  route('GET', `${sites}/{name}/{anything}/last`),
  route('GET', '/{scope}/providers/Microsoft.Authorization/roleAssignments'),
  route('GET', '/{scope}/providers/Microsoft.Authorization/roleAssignments/{id}'),
]);
const find = (method: Route['method'], path: string) => {
  const found = router.find(method, path.split('/').filter(Boolean));
  return found && ('route' in found ? [found.route.path, found.params] : found.methods);
};
const app = '/subscriptions/S/resourceGroups/G/providers/Microsoft.Web/sites/App';

describe('the router', () => {
  test('matches literals without case and keeps the spelling of parameters', () => {
    expect(find('GET', '/SUBSCRIPTIONS/S/resourcegroups/G/Providers/microsoft.web/SITES/App')).toEqual([
      `${sites}/{name}`,
      { s: 'S', g: 'G', name: 'App' },
    ]);
  });

  test('each route has its own names for the same place', () => {
    expect(find('PUT', app)).toEqual([`${sites}/{siteName}`, { s: 'S', g: 'G', siteName: 'App' }]);
  });

  test('a literal wins over a parameter, and a dead end is left again', () => {
    expect(find('GET', `${app}/config/web`)?.[0]).toBe(`${sites}/{name}/config/web`);
    expect(find('GET', `${app}/config/logs`)?.[0]).toBe(`${sites}/{name}/config/{kind}`);
    expect(find('GET', `${app}/slots/last`)?.[0]).toBe(`${sites}/{name}/{anything}/last`);
  });

  test.each([
    ['/providers/Microsoft.Authorization/roleAssignments', '/'],
    ['/subscriptions/S/providers/Microsoft.Authorization/roleAssignments', '/subscriptions/S'],
    [`${app}/providers/microsoft.authorization/roleassignments`, app],
  ])('%s stands below the scope %s', (path, scope) => {
    expect(find('GET', path)).toEqual([
      '/{scope}/providers/Microsoft.Authorization/roleAssignments',
      { scope },
    ]);
  });

  test('an extension does not stand below what is no resource', () => {
    expect(find('GET', `${app}/config/providers/Microsoft.Authorization/roleAssignments`)).toBeUndefined();
  });

  test('another method is told apart from another path; HEAD is GET', () => {
    expect(find('DELETE', app)).toEqual(['GET', 'PUT']);
    expect(find('GET', `${app}/nothing`)).toBeUndefined();
    expect(find('HEAD', app)?.[0]).toBe(`${sites}/{name}`);
  });

  test('two routes for the same method and place are a mistake', () => {
    expect(() => createRouter([route('GET', '/a/{x}'), route('GET', '/A/{y}')])).toThrow('Two routes');
  });
});
