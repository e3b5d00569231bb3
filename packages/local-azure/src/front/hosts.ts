/** Which of Azure's services a host name belongs to. */
export type Service = 'login' | 'management' | 'graph' | 'registry' | 'registry-data' | 'site' | 'scm';

export interface AzureHost {
  service: Service;
  /** Lower-case, without a port. */
  host: string;
  /** The registry or the site; empty for the services that have one host. */
  name: string;
}

/** A DNS label. Source: RFC 1123, section 2.1 */
const label = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';

const table: { service: Service; pattern: RegExp }[] = [
  { service: 'management', pattern: /^management\.azure\.com$/ },
  { service: 'login', pattern: /^login\.microsoftonline\.com$/ },
  { service: 'graph', pattern: /^graph\.microsoft\.com$/ },
  { service: 'registry', pattern: new RegExp(`^(${label})\\.azurecr\\.io$`) },
  // Source: learn.microsoft.com/azure/container-registry/container-registry-dedicated-data-endpoints
  { service: 'registry-data', pattern: new RegExp(`^(${label})\\.${label}\\.data\\.azurecr\\.io$`) },
  { service: 'scm', pattern: new RegExp(`^(${label})\\.scm\\.azurewebsites\\.net$`) },
  { service: 'site', pattern: new RegExp(`^(${label})\\.azurewebsites\\.net$`) },
];

/** The domains that the table covers; the certificate authority may sign for these alone. */
export const domains = [
  'management.azure.com',
  'login.microsoftonline.com',
  'graph.microsoft.com',
  'azurecr.io',
  'azurewebsites.net',
] as const;

/** The service behind a host name; undefined for a host that is not Azure's. */
export function azureHost(hostName: string): AzureHost | undefined {
  const host = hostName.toLowerCase().replace(/\.$/, '');
  for (const { service, pattern } of table) {
    const match = pattern.exec(host);
    if (match) return { service, host, name: match[1] ?? '' };
  }
  return undefined;
}

/**
 * The real name of `<site>.localhost`, and of `login.localhost`, where users sign in: how browsers reach both without
 * the certificate.
 */
export function hostOfLocalhost(hostName: string): AzureHost | undefined {
  const name = new RegExp(`^(${label})\\.localhost$`).exec(hostName.toLowerCase())?.[1];
  if (!name) return undefined;
  return azureHost(name === 'login' ? 'login.microsoftonline.com' : `${name}.azurewebsites.net`);
}

/** `host:port`, `[v6]:port` or `host` taken apart; undefined when it is neither. */
export function parseAuthority(authority: string): { host: string; port?: number } | undefined {
  const match = /^(\[[0-9a-f:.]+\]|[^:/?#@\s[\]]+)(?::(\d{1,5}))?$/i.exec(authority);
  if (!match) return undefined;
  const host = match[1]!.toLowerCase();
  return match[2] === undefined ? { host } : { host, port: Number(match[2]) };
}

const loopback = new Set(['localhost', '127.0.0.1', '[::1]']);

/** Whether an authority, such as a Host header, names this machine itself. */
export const isLoopback = (authority = ''): boolean => loopback.has(parseAuthority(authority)?.host ?? '');
