import { describe, expect, test } from 'vitest';
import { checkApiVersion, requireApiVersion } from './api-version.ts';
import { apiVersionsOf, namespaces, versionsKnownUntil } from './api-versions.ts';

const now = Date.parse('2027-03-01');
const refusalOf = (path: string, version: string, location = '') => {
  try {
    checkApiVersion(path.split('/').filter(Boolean), version, now, () => location);
  } catch (error) {
    const { status, code, message } = error as { status: number; code: string; message: string };
    return { status, code, message };
  }
};
const group = '/subscriptions/1/resourceGroups/blog';
const site = `${group}/providers/Microsoft.Web/sites/hoge`;

describe('an api-version', () => {
  test.each([
    [site, '2023-12-01'],
    [site.toLowerCase(), '2015-08-01-PREVIEW'],
    [`${site}/slots/staging/config/web`, '2022-03-01'],
    [`${site}/providers/Microsoft.Authorization/roleAssignments/x`, '2020-04-01-preview'],
    [`${group}/providers/Microsoft.Authorization/locks`, '2016-09-01'],
    [group, '2021-04-01'],
    ['/subscriptions/1/providers', '2022-09-01'],
    ['/subscriptions/1/providers/Microsoft.Web', '2022-09-01'],
    ['/subscriptions/1/providers/Microsoft.Web/register', '2022-09-01'],
    // Another provider's own matter.
    [`${group}/providers/Contoso.Things/things/x`, '1999-01-01'],
  ])('%s takes %s', (path, version) => expect(refusalOf(path, version)).toBeUndefined());

  test('that a type does not have is refused with those that it has', () => {
    expect(refusalOf(`${site}/slots/staging`, '2023-07-01', 'japaneast')).toEqual({
      status: 400,
      code: 'NoRegisteredProviderFound',
      message: expect.stringMatching(
        /^No registered resource provider found for location 'japaneast' and API version '2023-07-01' for type 'sites\/slots'\. The supported api-versions are '2025-05-01, .*2014-04-01'\. The supported locations are 'centralus, /,
      ),
    });
    expect(refusalOf(`${site}/slots/x`, '2023-12-01-preview')?.code).toBe('NoRegisteredProviderFound');
    const assignment = `${site}/providers/Microsoft.Authorization/roleAssignments/x`;
    expect(refusalOf(assignment, '2023-12-01')?.message).toContain("for type 'roleAssignments'");
  });

  test('from after the lists were made may be one that Azure has got since, unless it is yet to come', () => {
    for (const version of ['2026-09-02', '2027-02-01-preview', '2027-03-01'])
      for (const path of [site, group]) expect(refusalOf(path, version), version).toBeUndefined();
    for (const version of [versionsKnownUntil, `${versionsKnownUntil}-alpha`, '2027-03-02', '2099-01-01'])
      for (const path of [site, group])
        expect(refusalOf(path, version), version).toMatchObject({ status: 400 });
  });

  test("is another matter for Resource Manager's own paths", () => {
    const { code, message } = refusalOf(group, '2023-02-01')!;
    expect(code).toBe('InvalidApiVersionParameter');
    expect(message).toMatch(
      /^The api-version '2023-02-01' is invalid\. The supported versions are '20.*,2014-04-01'\.$/,
    );
  });

  test('every one that a registration shows is a date, and taken', () => {
    for (const namespace of namespaces) {
      for (const version of apiVersionsOf(namespace, 'things')!) {
        expect(requireApiVersion(new URLSearchParams({ 'api-version': version }))).toBe(version);
        const path = `${group}/providers/${namespace}/things/x`;
        expect(refusalOf(path, version)).toBeUndefined();
      }
    }
  });
});
