/**
 * Does the condition of a role assignment hold when the action asks for the repository? Undefined when it uses what is
 * not understood here: then nothing is said of it. Understood is what Azure's documents and its portal's editor make
 * for repositories: `ActionMatches`, comparisons of the repository's name, `!`, `NOT`, `AND`, `OR` and parentheses.
 *
 * Sources: learn.microsoft.com/azure/container-registry/container-registry-rbac-abac-repository-permissions,
 * learn.microsoft.com/azure/role-based-access-control/conditions-format
 */
export function conditionHolds(condition: string, action: string, repository: string): boolean | undefined {
  const tokens = tokenize(condition);
  let at = 0;
  let understood = true;
  const next = () => tokens[at++] ?? '';
  const giveUp = () => {
    understood = false;
    return undefined;
  };

  const holds = expression(0);
  return understood && at === tokens.length ? holds : undefined;

  function expression(depth: number): boolean | undefined {
    let result = operand(depth);
    let joiner: string | undefined;
    while (understood && isJoiner(tokens[at])) {
      const operator = joinerOf(next());
      // Azure gives neither precedence: without parentheses one kind only.
      if (joiner && joiner !== operator) return giveUp();
      joiner = operator;
      result = operator === 'AND' ? both(result, operand(depth)) : either(result, operand(depth));
    }
    return result;
  }

  function operand(depth: number): boolean | undefined {
    if (depth > maxDepth) return giveUp();
    const token = next();
    if (token === '!' || token.toUpperCase() === 'NOT') return not(operand(depth + 1));
    if (token === '(') {
      const inner = expression(depth + 1);
      return next() === ')' ? inner : giveUp();
    }
    if (token.toLowerCase() === 'actionmatches') {
      const [pattern, ...more] = values() ?? [];
      return pattern === undefined || more.length > 0 ? giveUp() : matches(pattern, action);
    }
    return comparison(token);
  }

  function comparison(attribute: string): boolean | undefined {
    const operator = next();
    const wanted = values();
    if (!wanted) return giveUp();
    // Another attribute leaves the whole undecided, unless the rest decides.
    if (!repositoryName.test(attribute)) return attribute.startsWith('@') ? undefined : giveUp();
    const form = stringOperator.exec(operator)?.groups;
    if (!form) return giveUp();
    const fold = (text: string) => (form.ignoreCase ? text.toLowerCase() : text);
    const satisfies = (value: string) =>
      comparisons[form.compare as keyof typeof comparisons](fold(repository), fold(value)) !==
      Boolean(form.not);
    return form.all ? wanted.every(satisfies) : wanted.some(satisfies);
  }

  /** `'a'`, or `{'a', 'b'}`. */
  function values(): string[] | undefined {
    const first = next();
    if (isString(first)) return [first.slice(1, -1)];
    if (first !== '{') return undefined;
    const found: string[] = [];
    for (;;) {
      const value = next();
      if (!isString(value)) return undefined;
      found.push(value.slice(1, -1));
      const after = next();
      if (after === '}') return found;
      if (after !== ',') return undefined;
    }
  }
}

/** Deeper than any condition that means something, and far from the end of the stack. */
const maxDepth = 100;

const repositoryName = /^@request\[microsoft\.containerregistry\/registries\/repositories:name\]$/i;

const stringOperator =
  /^(?:For(?:Any|All)Of(?:Any|(?<all>All))Values:)?String(?<not>Not)?(?<compare>Equals|StartsWith|Like)(?<ignoreCase>IgnoreCase)?$/;

const comparisons = {
  Equals: (value: string, wanted: string) => value === wanted,
  StartsWith: (value: string, wanted: string) => value.startsWith(wanted),
  Like: (value: string, wanted: string) => matches(wanted, value, '.'),
};

/** `*` is any run of characters, and in `StringLike` `?` any one. */
function matches(pattern: string, text: string, any?: string): boolean {
  const source = [...pattern].map((letter) => {
    if (letter === '*') return '.*';
    if (letter === '?' && any) return any;
    return letter.replace(/[.+?^${}()|[\]\\/]/, '\\$&');
  });
  return new RegExp(`^${source.join('')}$`, any ? 's' : 'si').test(text);
}

/** Ends with an empty token where the text is none of a condition. */
function tokenize(text: string): string[] {
  const token = /\s*('[^']*'|@\w+\[[^\]]*\]|&&|\|\||[!(){},]|\w[\w:.-]*)/y;
  const tokens: string[] = [];
  const end = text.trimEnd().length;
  while (token.lastIndex < end) {
    const match = token.exec(text);
    if (!match) return [...tokens, ''];
    tokens.push(match[1]!);
  }
  return tokens;
}

const isString = (token: string) => token.startsWith("'");
const isJoiner = (token: string | undefined) => /^(&&|\|\||and|or)$/i.test(token ?? '');
const joinerOf = (token: string) => (/^(&&|and)$/i.test(token) ? 'AND' : 'OR');

// Undecided stays undecided, unless the other side decides.
const not = (a: boolean | undefined) => (a === undefined ? undefined : !a);
const both = (a: boolean | undefined, b: boolean | undefined) =>
  a === false || b === false ? false : a === undefined || b === undefined ? undefined : true;
const either = (a: boolean | undefined, b: boolean | undefined) => not(both(not(a), not(b)));
