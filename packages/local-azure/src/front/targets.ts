import { type AzureHost, azureHost, hostOfLocalhost, isLoopback, parseAuthority } from './hosts.ts';

/** What the front door does with a request: pure, so that it can be read and tested as a table. */
export type Target =
  | { kind: 'azure'; host: AzureHost }
  | { kind: 'page' }
  | { kind: 'elsewhere'; host: string; port: number }
  | { kind: 'refuse'; status: number; reason: string; text: string };

export interface Rules {
  /** Whether the name resolves: a registry or a site that nobody made has no address. */
  exists(host: AzureHost): boolean;
  allowOtherHosts: boolean;
}

const refuse = (status: number, reason: string, text: string): Target => ({
  kind: 'refuse',
  status,
  reason,
  text,
});

/** Azure's own host, if its name resolves; the refusal words the failure as a resolver would. */
const resolved = (host: AzureHost, { exists }: Rules): Target =>
  exists(host)
    ? { kind: 'azure', host }
    : refuse(
        502,
        `getaddrinfo ENOTFOUND ${host.host}`,
        // Again in the body: most clients show one of the two.
        `getaddrinfo ENOTFOUND ${host.host}: no resource of this local Azure has that name.`,
      );

const otherHost = (host: string, port: number, { allowOtherHosts }: Rules): Target =>
  allowOtherHosts
    ? { kind: 'elsewhere', host: host.replace(/^\[|\]$/g, ''), port }
    : refuse(403, 'Host not served by local-azure', notServed(host));

/** Why a request to a host that is not Azure's is not let through. */
export const notServed = (host: string): string =>
  `local-azure answers for Azure's own hosts only, and ${host} is not one of them. ` +
  'Start it with --allow-other-hosts to let requests to other hosts through.';

/** Where `CONNECT authority` leads. */
export function connectTarget(authority: string, rules: Rules): Target {
  const parsed = parseAuthority(authority);
  if (!parsed?.port) return refuse(400, 'Bad Request', `'${authority}' is not a host with a port.`);
  const host = azureHost(parsed.host);
  if (!host) return otherHost(parsed.host, parsed.port, rules);
  if (parsed.port !== 443)
    return refuse(403, 'Only port 443', `${host.host} answers on port 443 only, not on ${parsed.port}.`);
  return resolved(host, rules);
}

/** Where a request without TLS leads: `url` as on the request line, `hostHeader` as sent. */
export function plainTarget(
  url: string,
  hostHeader: string | undefined,
  ownPort: number,
  rules: Rules,
): Target {
  const absolute = /^http:\/\/([^/?#]*)/i.exec(url);
  const authority = absolute ? absolute[1]! : (hostHeader ?? '');
  const parsed = parseAuthority(authority);
  if (!parsed) return refuse(400, 'Bad Request', `'${authority}' is not a host name.`);
  const port = parsed.port ?? 80;

  const local = hostOfLocalhost(parsed.host);
  if (local && (!absolute || port === ownPort))
    return rules.exists(local)
      ? { kind: 'azure', host: local }
      : refuse(404, 'Not Found', `There is no site named '${local.name}' in this local Azure.`);
  if (isLoopback(authority) && (!absolute || port === ownPort)) return { kind: 'page' };

  const host = azureHost(parsed.host);
  if (host?.service === 'site' && port === 80) return resolved(host, rules);
  if (host) return refuse(403, 'HTTPS required', `${host.host} is served over HTTPS only.`);
  if (absolute) return otherHost(parsed.host, port, rules);
  return refuse(421, 'Misdirected Request', `${parsed.host} is not a host of this local Azure.`);
}

/** Where a request inside TLS leads: its Host header decides, as at Azure's own front ends. */
export function secureTarget(hostHeader: string | undefined, { exists }: Rules): Target {
  const name = parseAuthority(hostHeader ?? '')?.host ?? '';
  const host = azureHost(name);
  if (!host) return refuse(421, 'Misdirected Request', `'${name}' is not a host of this local Azure.`);
  return exists(host)
    ? { kind: 'azure', host }
    : refuse(404, 'Not Found', `The host ${host.host} does not exist in this local Azure.`);
}
