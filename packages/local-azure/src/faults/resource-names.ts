/** The name of the registry that a resource id, the path of a request or a host is about. */
export const registryOf = (text: string): string | undefined =>
  (/\/Microsoft\.ContainerRegistry\/registries\/([^/?]+)/i.exec(text) ??
    /^([^./]+)(?:\.[^./]+\.data)?\.azurecr\.io$/i.exec(text))?.[1]?.toLowerCase();

/** The site that a resource id, the path of a request or a host is about, as the first label of its host. */
export function siteOf(text: string): string | undefined {
  const [, app, slot] =
    /\/Microsoft\.Web\/sites\/([^/?]+)(?:\/slots\/([^/?]+))?/i.exec(text) ??
    /^([^./]+)(?:\.scm)?\.azurewebsites\.net$/i.exec(text) ??
    [];
  return (slot === undefined ? app : `${app}-${slot}`)?.toLowerCase();
}
