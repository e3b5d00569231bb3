/**
 * What names an image or a registry, without what may be secret in it: a user and password before the host, and a
 * Docker Compose file, whose environment nobody reads here.
 */
export function withoutCredentials(reference: string): string {
  if (/^compose\|/i.test(reference)) return `${reference.slice(0, reference.indexOf('|'))}|…`;
  // What stands before an `@` may be a tag as well: then a digest follows it.
  return reference.replace(/(^|\||\/\/)[^\s/|]*:[^\s/|]*@(?!sha256:)/g, '$1…@');
}
