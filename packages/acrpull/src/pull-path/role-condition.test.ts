import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { conditionHolds } from './role-condition.ts';

const read = 'Microsoft.ContainerRegistry/registries/repositories/content/read';
const name = '@Request[Microsoft.ContainerRegistry/registries/repositories:name]';
/** As the portal's editor writes it: for these actions only in these repositories. */
const only = (...comparisons: string[]) => `
(
 (
  !(ActionMatches{'${read}'})
  AND
  !(ActionMatches{'Microsoft.ContainerRegistry/registries/repositories/metadata/read'})
 )
 OR
 (
  ${comparisons.join(' OR ')}
 )
)`;

describe('the forms of Azure Container Registry’s documents', () => {
  test.each<[string, string, boolean]>([
    [only(`${name} StringEqualsIgnoreCase 'hello-world'`), 'hello-world', true],
    [only(`${name} StringEqualsIgnoreCase 'Hello-World'`), 'hello-world', true],
    [only(`${name} StringEqualsIgnoreCase 'hello-world'`), 'hello', false],
    [only(`${name} StringStartsWithIgnoreCase 'backend/'`), 'backend/nginx', true],
    [only(`${name} StringStartsWithIgnoreCase 'backend/'`), 'backend-infra/k8s', false],
    [
      only(
        `${name} StringStartsWithIgnoreCase 'backend/'`,
        `${name} StringStartsWithIgnoreCase 'frontend/js/'`,
      ),
      'frontend/js/react',
      true,
    ],
    [only(`${name} StringLike 'team-?/*'`), 'team-a/app', true],
    [only(`${name} StringLike 'team-?/*'`), 'team-ab/app', false],
    [only(`${name} StringNotEquals 'secret'`), 'secret', false],
    [only(`${name} ForAnyOfAnyValues:StringEquals {'a', 'b'}`), 'b', true],
    [`NOT (${name} StringEquals 'a') && ${name} StringEquals 'b'`, 'b', true],
    // It concerns another action, so that this one is free.
    [`!(ActionMatches{'Microsoft.Storage/*'}) OR ${name} StringEquals 'x'`, 'hello', true],
  ])('%s', (condition, repository, expected) => {
    expect(conditionHolds(condition, read, repository)).toBe(expected);
  });
});

describe('what is not understood is never taken for granted', () => {
  test.each([
    '',
    'true',
    `${name} DateTimeEquals '2026-01-01'`,
    `${name} StringEquals 'a' AND ${name} StringEquals 'a' OR ${name} StringEquals 'a'`,
    `(${name} StringEquals 'a'`,
    `${name} StringEquals 'a')`,
    `SubOperationMatches{'Blob.List'}`,
    `Exists ${name}`,
    `@Principal[Microsoft.Directory/CustomSecurityAttributes/Id:team] StringEquals 'a'`,
    '('.repeat(10_000),
    '!'.repeat(10_000),
  ])('%s', (condition) => {
    expect(conditionHolds(condition, read, 'a')).toBeUndefined();
  });

  test('but what decides without it decides', () => {
    const other = `@Environment[isPrivateLink] BoolEquals 'true'`;
    expect(conditionHolds(`${other} AND ${name} StringEquals 'a'`, read, 'b')).toBe(false);
    expect(conditionHolds(`${other} OR ${name} StringEquals 'a'`, read, 'a')).toBe(true);
  });
});

test('any text is read without an error', () => {
  const piece = fc.constantFrom('(', ')', '!', 'AND', 'OR', name, "'a'", 'StringEquals', '{', '}', ',', ' ');
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(piece).map((all) => all.join(' ')),
      ),
      (condition) => {
        expect([true, false, undefined]).toContain(conditionHolds(condition, read, 'a'));
      },
    ),
  );
});
