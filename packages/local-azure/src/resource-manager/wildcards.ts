/** In a pattern: any run of characters, which may be empty. */
export const anyRun = Symbol('any run of characters');
/** In a pattern: any one character. */
export const anyOne = Symbol('any one character');

/** What a text must be, character by character. */
export type Pattern = readonly (string | typeof anyRun | typeof anyOne)[];

/**
 * Does the whole text match? In time that grows with pattern times text at worst: callers write patterns, and a
 * regular expression with many wildcards could keep this process busy for years.
 */
export function matchesPattern(pattern: Pattern, text: string): boolean {
  let at = 0;
  let read = 0;
  /** Where to go on when the last run has to be one character longer. */
  let retry: { at: number; read: number } | undefined;
  while (read < text.length) {
    const wanted = pattern[at];
    if (wanted === anyRun) {
      at += 1;
      retry = { at, read };
    } else if (wanted === anyOne || wanted === text[read]) {
      at += 1;
      read += 1;
    } else if (retry) {
      retry.read += 1;
      ({ at, read } = retry);
    } else return false;
  }
  return pattern.slice(at).every((wanted) => wanted === anyRun);
}

/**
 * Is the action one of those that the pattern names? Without case; `*` stands for any run, slashes included. Between
 * two slashes it stands for no segment at all as well: Managed Identity Operator, who has all that ends with
 * `/assign/action` below a star, may do `userAssignedIdentities/assign/action`.
 */
export function matchesAction(pattern: string, action: string): boolean {
  const [wanted, given] = [pattern.toLowerCase(), action.toLowerCase()];
  // Most patterns are plain names.
  if (!wanted.includes('*')) return wanted === given;
  // With slashes around each segment, a star instead of a segment needs none of its own.
  const around = (segment: string) => `/${segment}/`;
  const characters = wanted.split('/').flatMap((segment, i, { length }) => {
    const isBetween = i > 0 && i < length - 1;
    return (segment === '*' && isBetween ? segment : around(segment)).split('');
  });
  return matchesPattern(
    characters.map((character) => (character === '*' ? anyRun : character)),
    given.split('/').map(around).join(''),
  );
}
