import { ExpectedError } from '../expected-error.ts';
import type { RequestAttributes } from './access.ts';

/** The condition of a role assignment. Source: MicrosoftDocs/azure-docs role-based-access-control/conditions-format.md */
export type RoleCondition =
  | { and: RoleCondition[] }
  | { or: RoleCondition[] }
  | { not: RoleCondition }
  | { actionMatches: string }
  | { exists: keyof RequestAttributes }
  | Comparison;

/** An attribute beside values, such as `StringNotEqualsIgnoreCase 'team/app'`. */
export interface Comparison {
  attribute: keyof RequestAttributes;
  operator: 'Equals' | 'StartsWith' | 'Like';
  /** The Not-form: it asks that the attribute differs from a value. */
  negated: boolean;
  ignoreCase: boolean;
  /** Whether all values are asked for (`ForAnyOfAllValues:`), or any of them. */
  all: boolean;
  values: string[];
}

/** Why a condition was refused: it makes no sense, or means what Azure can do and the local Azure cannot. */
export class ConditionError extends ExpectedError {
  readonly reason: 'invalid' | 'notImplemented';
  constructor(reason: ConditionError['reason'], message: string) {
    super(message);
    this.reason = reason;
  }
}

/** Deeper than any condition that means something, and far from the end of the stack. */
const maxDepth = 100;

/** Attributes by the lower-case name that conditions call them. */
const attributes = new Map<string, keyof RequestAttributes>([
  ['@request[microsoft.containerregistry/registries/repositories:name]', 'repositoryName'],
]);

// An attribute has one value here, so that any of its values and all of them is the same. Comparisons of beginnings
// have no form for several values.
const stringOperator =
  /^(?:For(?:Any|All)Of(?<quantifier>Any|All)Values:(?!String(?:Not)?StartsWith))?String(?<not>Not)?(?<operator>Equals|StartsWith|Like)(?<ignoreCase>IgnoreCase)?$/;

/** Parses a condition of version 2.0. Throws {@link ConditionError} and nothing else. */
export function parseCondition(text: string): RoleCondition {
  const tokens = tokenize(text);
  let at = 0;
  const take = () => {
    const token = tokens[at++];
    if (token === undefined) throw invalid('It ends too early.');
    return token;
  };
  const expect = (wanted: string) => {
    const token = take();
    if (token !== wanted) throw invalid(`There is ${token} where ${wanted} should be.`);
  };
  const condition = takeExpression(0);
  if (at < tokens.length) throw invalid(`There is ${tokens[at]} after its end.`);
  return condition;

  function takeExpression(depth: number): RoleCondition {
    const operands = [takeOperand(depth)];
    let joiner: 'and' | 'or' | undefined;
    for (let next = joinerOf(tokens[at]); next; next = joinerOf(tokens[at])) {
      // Azure gives neither precedence. Source: conditions-format.md, "Grouping and precedence"
      if (joiner && joiner !== next) throw invalid('AND and OR beside each other need parentheses.');
      joiner = next;
      at += 1;
      operands.push(takeOperand(depth));
    }
    if (!joiner) return operands[0]!;
    return joiner === 'and' ? { and: operands } : { or: operands };
  }

  function takeOperand(depth: number): RoleCondition {
    if (depth > maxDepth) throw invalid(`It is nested more than ${maxDepth} levels deep.`);
    const token = take();
    switch (token) {
      case '!':
      case 'NOT':
        return { not: takeOperand(depth + 1) };
      case '(': {
        const inner = takeExpression(depth + 1);
        expect(')');
        return inner;
      }
      case 'ActionMatches': {
        const patterns = takeSet();
        if (patterns.length > 1) throw invalid('ActionMatches takes one pattern.');
        return { actionMatches: patterns[0]! };
      }
      case 'SubOperationMatches':
        throw new ConditionError('notImplemented', 'suboperations in conditions of role assignments');
      case 'Exists':
        return { exists: attributeOf(take()) };
    }
    return takeComparison(attributeOf(token));
  }

  function takeComparison(attribute: keyof RequestAttributes): Comparison {
    const token = take();
    const form = stringOperator.exec(token)?.groups;
    if (!form) throw invalid(`${token} is no operator on strings.`);
    const values = tokens[at] === '{' ? takeSet() : [stringOf(take())];
    if (!form.quantifier && values.length > 1) throw invalid(`${token} takes one value.`);
    return {
      attribute,
      operator: form.operator as Comparison['operator'],
      negated: form.not !== undefined,
      ignoreCase: form.ignoreCase !== undefined,
      all: form.quantifier === 'All',
      values,
    };
  }

  /** `{'a', 'b'}` */
  function takeSet(): string[] {
    expect('{');
    const values = [stringOf(take())];
    while (tokens[at] === ',') {
      at += 1;
      values.push(stringOf(take()));
    }
    expect('}');
    return values;
  }
}

function tokenize(text: string): string[] {
  const token = /\s*(?:('[^']*'|@\w+\[[^\]]*\]|&&|\|\||[!(){},]|\w[\w:.-]*)|$)/y;
  const tokens: string[] = [];
  while (token.lastIndex < text.length) {
    const start = token.lastIndex;
    const match = token.exec(text);
    if (!match) throw invalid(`It cannot be read from '${text.slice(start, start + 20).trim()}' on.`);
    if (match[1]) tokens.push(match[1]);
  }
  return tokens;
}

function joinerOf(token: string | undefined): 'and' | 'or' | undefined {
  if (token === 'AND' || token === '&&') return 'and';
  return token === 'OR' || token === '||' ? 'or' : undefined;
}

function attributeOf(token: string): keyof RequestAttributes {
  if (!token.startsWith('@')) throw invalid(`There is ${token} where an attribute should be.`);
  const attribute = attributes.get(token.toLowerCase());
  if (attribute) return attribute;
  throw new ConditionError('notImplemented', `the attribute ${token} in conditions of role assignments`);
}

function stringOf(token: string): string {
  if (!token.startsWith("'")) throw invalid(`There is ${token} where a string should be.`);
  return token.slice(1, -1);
}

const invalid = (why: string) => new ConditionError('invalid', why);
