import { apiVersionsOf, versionsKnownUntil } from './api-versions.ts';
import { badRequest } from './azure-error.ts';
import { locations } from './locations.ts';

const resourcesVersions = apiVersionsOf('Microsoft.Resources')!;

/** The request's api-version, which has to be given, and be one. */
export function requireApiVersion(query: URLSearchParams): string {
  const version = query.get('api-version');
  if (!version) {
    throw badRequest(
      'MissingApiVersionParameter',
      'The api-version query parameter (?api-version=) is required for all requests.',
    );
  }
  const date = /^(\d{4}-\d{2}-\d{2})(-[a-z0-9.]+)?$/i.exec(version)?.[1];
  if (!date || Number.isNaN(Date.parse(date))) throw invalidApiVersion(version);
  return version;
}

/**
 * Throws Azure's refusal unless what the path names has the api-version; the refusal names the resource's location. A
 * version from after the lists is let through, so that tomorrow's clients still work, unless it is yet to come.
 */
export function checkApiVersion(
  segments: readonly string[],
  version: string,
  now: number,
  locate: () => string,
): void {
  const provider = segments.findLastIndex((segment) => segment.toLowerCase() === 'providers');
  const [namespace, ...below] = provider === -1 ? [] : segments.slice(provider + 1);
  // `…/providers/Microsoft.Web` and `…/providers/Microsoft.Web/register` are Resource Manager's own operations.
  const isOwn = namespace === undefined || below.length === 0 || isRegistration(below);
  const type = below.filter((_, i) => i % 2 === 0).join('/');
  const supported = isOwn ? resourcesVersions : apiVersionsOf(namespace, type);
  if (!supported || supported.some((one) => one.toLowerCase() === version.toLowerCase())) return;
  const date = version.slice(0, 10);
  if (date > versionsKnownUntil && Date.parse(date) <= now) return;
  throw isOwn ? invalidApiVersion(version) : noRegisteredProvider(type, version, supported, locate());
}

const isRegistration = (below: readonly string[]) => below.length === 1 && /^(un)?register$/i.test(below[0]!);

/** Source: Azure/azure-cli issue 28038 */
const invalidApiVersion = (version: string) =>
  badRequest(
    'InvalidApiVersionParameter',
    `The api-version '${version}' is invalid. ` +
      `The supported versions are '${resourcesVersions.join(',')}'.`,
  );

/** Sources: Azure/azure-cli issue 28496; for lists, which have no location, turbot/steampipe-plugin-azure issue 379 */
const noRegisteredProvider = (
  type: string,
  version: string,
  supported: readonly string[],
  location: string,
) =>
  badRequest(
    'NoRegisteredProviderFound',
    `No registered resource provider found for location '${location}' and API version '${version}' for type ` +
      `'${type}'. The supported api-versions are '${supported.join(', ')}'. ` +
      `The supported locations are '${locations.map(({ name }) => name).join(', ')}'.`,
  );
