import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { evaluate } from './evaluate-role-condition.ts';
import { type Comparison, ConditionError, parseCondition, type RoleCondition } from './role-condition.ts';

const repositories = 'Microsoft.ContainerRegistry/registries/repositories';
const read = `${repositories}/content/read`;
const write = `${repositories}/content/write`;
const name = `@Request[${repositories}:name]`;

/** What the condition says of a request for a repository; without a name, of one that has none. */
const judge = (condition: string, repositoryName?: string, action = read) =>
  evaluate(parseCondition(condition), action, repositoryName === undefined ? {} : { repositoryName });

describe('a condition', () => {
  // As Azure's portal writes it, and as `az` sends it.
  const twoPrefixes = `
    (
     (
      !(ActionMatches{'${read}'})
      AND
      !(ActionMatches{'${repositories}/metadata/read'})
     )
     OR
     (
      ${name} StringStartsWithIgnoreCase 'backend/'
      OR
      ${name} StringStartsWithIgnoreCase 'frontend/js/'
     )
    )`;

  test.each([
    ['backend/nginx', read, true],
    ['Backend/nginx', read, true],
    ['frontend/js/react', read, true],
    ['frontend/css', read, false],
    ['backend', read, false],
    ['frontend/css', write, true],
    [undefined, write, true],
    [undefined, read, undefined],
  ])('of two prefixes, for %s and %s: %s', (repository, action, expected) => {
    expect(judge(twoPrefixes, repository, action)).toBe(expected);
  });

  test.each<[string, string, boolean]>([
    ["StringEquals 'team/app'", 'team/app', true],
    ["StringEquals 'Team/App'", 'team/app', false],
    ["StringEqualsIgnoreCase 'Team/App'", 'team/app', true],
    ["StringNotEquals 'team/app'", 'team/app', false],
    ["StringNotEqualsIgnoreCase 'Team/App'", 'team/b', true],
    ["StringStartsWith 'team/'", 'team/app', true],
    ["StringStartsWith 'Team/'", 'team/app', false],
    ["StringNotStartsWith 'team/'", 'team2/app', true],
    ["StringLike 'team/*'", 'team/a/b', true],
    ["StringLike 'team/?'", 'team/app', false],
    ["StringLike 'team/a?p'", 'team/app', true],
    ["StringLike 'team.app'", 'team/app', false],
    ["StringLike 'a\\*c'", 'abc', false],
    ["StringLike 'a\\*c'", 'a*c', true],
    ["StringLikeIgnoreCase '*/APP'", 'team/app', true],
    ["StringNotLike '*/app'", 'team/app', false],
    ["StringEquals {'a'}", 'a', true],
    ["ForAnyOfAnyValues:StringEquals {'a', 'b'}", 'b', true],
    ["ForAnyOfAnyValues:StringEquals {'a', 'b'}", 'c', false],
    ["ForAnyOfAnyValues:StringNotEquals {'a', 'b'}", 'a', true],
    ["ForAnyOfAllValues:StringNotEquals {'a', 'b'}", 'a', false],
    ["ForAllOfAllValues:StringNotEquals {'a', 'b'}", 'c', true],
    ["ForAllOfAnyValues:StringLikeIgnoreCase {'A*', 'b'}", 'abc', true],
  ])('%s, of %s: %s', (comparison, repository, expected) => {
    expect(judge(`${name} ${comparison}`, repository)).toBe(expected);
  });

  test.each<[string, boolean | undefined]>([
    [`Exists ${name}`, false],
    [`NOT Exists ${name}`, true],
    [`!(${name} StringEquals 'a')`, undefined],
    [`${name} StringEquals 'a' || Exists ${name}`, undefined],
    [`${name} StringEquals 'a' && Exists ${name}`, false],
    [`ActionMatches{'*/Content/*'} || ${name} StringEquals 'a'`, true],
  ])('%s, of a request without a repository: %s', (condition, expected) => {
    expect(judge(condition)).toBe(expected);
  });

  test('many wildcards take no time', () => {
    const started = performance.now();
    expect(judge(`${name} StringLike '${'*a'.repeat(200)}b'`, 'a'.repeat(255))).toBe(false);
    expect(judge(`ActionMatches{'${'*e'.repeat(200)}!'}`)).toBe(false);
    expect(performance.now() - started).toBeLessThan(1000);
  });
});

describe('what is refused', () => {
  const refusal = (condition: string) => {
    try {
      parseCondition(condition);
    } catch (error) {
      if (error instanceof ConditionError) return [error.reason, error.message];
      throw error;
    }
    return undefined;
  };

  test.each([
    ['', 'It ends too early.'],
    ['true', 'There is true where an attribute should be.'],
    [`(${name} StringEquals 'a'`, 'It ends too early.'],
    [`${name} StringEquals 'a')`, 'There is ) after its end.'],
    [`${name} StringEquals 'a`, "It cannot be read from ''a' on."],
    [`${name} StringEquals 5`, 'There is 5 where a string should be.'],
    [`${name} StringEquals ${name}`, `There is ${name} where a string should be.`],
    [`${name} NumericEquals 'a'`, 'NumericEquals is no operator on strings.'],
    [
      `${name} ForAnyOfAnyValues:StringStartsWith {'a'}`,
      'ForAnyOfAnyValues:StringStartsWith is no operator on strings.',
    ],
    [`${name} StringEquals {'a', 'b'}`, 'StringEquals takes one value.'],
    ["ActionMatches{'a', 'b'}", 'ActionMatches takes one pattern.'],
    [`Exists ${name} AND Exists ${name} OR Exists ${name}`, 'AND and OR beside each other need parentheses.'],
    [`${'('.repeat(500)}Exists ${name}${')'.repeat(500)}`, 'It is nested more than 100 levels deep.'],
    [`${'!'.repeat(100_000)}Exists ${name}`, 'It is nested more than 100 levels deep.'],
  ])('%s is no condition', (condition, message) => {
    expect(refusal(condition)).toEqual(['invalid', message]);
  });

  test.each([
    ["!(ActionMatches{'a'} AND SubOperationMatches{'Blob.List'})", 'suboperations'],
    [
      "@Resource[Microsoft.Storage/storageAccounts/blobServices/containers:name] StringEquals 'a'",
      '@Resource',
    ],
    [
      '@Request[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {7f951dda-4ed3-4680-a7ca-43fe172d538d}',
      'RoleDefinitionId',
    ],
  ])('%s is more than is built', (condition, named) => {
    const [reason, message] = refusal(condition)!;
    expect(reason).toBe('notImplemented');
    expect(message).toContain(named);
  });

  test('whatever the text, it parses or is refused in words', () => {
    const piece = fc.constantFrom(
      ..." (){},!'@[]\\&|",
      'AND',
      'OR',
      'NOT',
      'Exists',
      'ActionMatches',
      name,
      "'a'",
      'StringLike',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(piece).map((pieces) => pieces.join('')),
        ),
        (text) => {
          refusal(text);
        },
      ),
      { numRuns: 5000 },
    );
  });
});

test('what is written parses back, and is judged as a naive evaluation judges it', () => {
  const text = fc.string({ unit: fc.constantFrom(...'abA*?/\\'), maxLength: 5 });
  // What a star for a whole segment means is in the tests of `matchesAction`.
  const actionMatches = text.filter((pattern) => !pattern.includes('/*/'));
  const comparison = fc
    .record<Comparison>({
      attribute: fc.constant('repositoryName'),
      operator: fc.constantFrom('Equals', 'Like', 'StartsWith'),
      negated: fc.boolean(),
      ignoreCase: fc.boolean(),
      all: fc.boolean(),
      values: fc.array(text, { minLength: 1, maxLength: 3 }),
    })
    .map((one) =>
      one.operator === 'StartsWith' ? { ...one, all: false, values: one.values.slice(0, 1) } : one,
    );
  const { condition } = fc.letrec<{ condition: RoleCondition }>((tie) => ({
    condition: fc.oneof(
      { maxDepth: 4 },
      comparison,
      fc.record({ actionMatches }),
      fc.record({ exists: fc.constant('repositoryName' as const) }),
      fc.record({ not: tie('condition') }),
      fc.record({ and: fc.array(tie('condition'), { minLength: 2, maxLength: 3 }) }),
      fc.record({ or: fc.array(tie('condition'), { minLength: 2, maxLength: 3 }) }),
    ),
  }));
  const repository = fc.option(text, { nil: undefined });
  fc.assert(
    fc.property(condition, text, repository, (tree, action, repositoryName) => {
      const parsed = parseCondition(format(tree));
      expect(parsed).toEqual(tree);
      const attributes = repositoryName === undefined ? {} : { repositoryName };
      const outcomes = possible(tree, action, repositoryName);
      expect(evaluate(parsed, action, attributes)).toBe(outcomes.size === 1 ? [...outcomes][0] : undefined);
    }),
    { numRuns: 3000 },
  );
});

function format(condition: RoleCondition): string {
  if ('and' in condition) return `(${condition.and.map(format).join(' AND ')})`;
  if ('or' in condition) return `(${condition.or.map(format).join(' || ')})`;
  if ('not' in condition) return `!${format(condition.not)}`;
  if ('actionMatches' in condition) return `ActionMatches{'${condition.actionMatches}'}`;
  if ('exists' in condition) return `Exists ${name}`;
  const { operator, negated, ignoreCase, all, values } = condition;
  const several = values.length > 1 ? 'ForAllOfAnyValues:' : '';
  const prefix = all ? 'ForAnyOfAllValues:' : several;
  const set = values.map((value) => `'${value}'`).join(', ');
  return `${name} ${prefix}String${negated ? 'Not' : ''}${operator}${ignoreCase ? 'IgnoreCase' : ''} {${set}}`;
}

/** Every outcome that there can be, when a comparison with nothing may go either way. */
function possible(condition: RoleCondition, action: string, repository?: string): Set<boolean> {
  const of = (inner: RoleCondition) => possible(inner, action, repository);
  const combine = (inner: RoleCondition[], join: (a: boolean, b: boolean) => boolean) =>
    inner.map((one) => [...of(one)]).reduce((all, next) => all.flatMap((a) => next.map((b) => join(a, b))));
  if ('and' in condition) return new Set(combine(condition.and, (a, b) => a && b));
  if ('or' in condition) return new Set(combine(condition.or, (a, b) => a || b));
  if ('not' in condition) return new Set([...of(condition.not)].map((outcome) => !outcome));
  if ('actionMatches' in condition) {
    return new Set([glob(condition.actionMatches.toLowerCase(), action.toLowerCase(), false)]);
  }
  if ('exists' in condition) return new Set([repository !== undefined]);
  if (repository === undefined) return new Set([true, false]);
  let count = 0;
  for (const value of condition.values) {
    const [a, b] = condition.ignoreCase
      ? [repository.toLowerCase(), value.toLowerCase()]
      : [repository, value];
    const equal = condition.operator === 'Equals' && a === b;
    const begins = condition.operator === 'StartsWith' && a.slice(0, b.length) === b;
    const like = condition.operator === 'Like' && glob(b, a, true);
    if ((equal || begins || like) !== condition.negated) count += 1;
  }
  return new Set([condition.all ? count === condition.values.length : count > 0]);
}

function glob(pattern: string, text: string, isLike: boolean): boolean {
  const [first, second] = pattern;
  if (first === undefined) return text === '';
  if (first === '*') {
    return glob(pattern.slice(1), text, isLike) || (text !== '' && glob(pattern, text.slice(1), isLike));
  }
  if (isLike && first === '\\' && (second === '*' || second === '?')) {
    return text[0] === second && glob(pattern.slice(2), text.slice(1), isLike);
  }
  return (
    text !== '' &&
    ((isLike && first === '?') || text[0] === first) &&
    glob(pattern.slice(1), text.slice(1), isLike)
  );
}
