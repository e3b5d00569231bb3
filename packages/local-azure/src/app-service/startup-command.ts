/** Splits a startup command into words as a shell does: blanks separate, quotes and backslashes keep together. */
export function splitCommand(text: string): string[] {
  const words: string[] = [];
  const pattern = /((?:[^\s"'\\]|\\[\s\S]|"(?:[^"\\]|\\[\s\S])*"|'[^']*')+|["'\\])/g;
  for (const [word] of text.matchAll(pattern)) words.push(unquote(word));
  return words;
}

const unquote = (word: string) =>
  word.replace(/"((?:[^"\\]|\\[\s\S])*)"|'([^']*)'|\\([\s\S])/g, (_all, double, single, escaped) =>
    double === undefined ? (single ?? escaped) : double.replace(/\\(["\\$`])/g, '$1'),
  );
