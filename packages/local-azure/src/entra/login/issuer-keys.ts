import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';
import { z } from 'zod';
import { type SigningKeys, toJwks } from '../signing-keys.ts';
import { issuers } from '../tokens.ts';
import { issuerUnreachable } from './client-errors.ts';
import type { IssuerKeys } from './federated-assertion.ts';

/** Reads a JSON document. Rejects with the reason that people are told. */
export type FetchJson = (url: URL) => Promise<unknown>;

const configurationSchema = z.object({ issuer: z.string(), jwks_uri: z.string() });
const jwksSchema = z.object({ keys: z.array(z.looseObject({ kty: z.string() })) });

/**
 * The keys of the issuers that federated credentials name, by OpenID Connect Discovery, and the tenant's own. They are
 * read anew each time: a workload signs in seldom.
 */
export function createIssuerKeys(tenantId: string, keys: SigningKeys, fetchJson: FetchJson): IssuerKeys {
  async function read<T>(address: string, schema: z.ZodType<T>): Promise<T> {
    const url = URL.canParse(address) ? new URL(address) : undefined;
    if (!url) throw issuerUnreachable(`'${address}' is no address.`);
    const body = await fetchJson(url).catch((error: Error) => {
      throw issuerUnreachable(`${url}: ${error.message}`);
    });
    const { data } = schema.safeParse(body);
    if (!data) throw issuerUnreachable(`${url} does not answer with what OpenID Connect Discovery asks for.`);
    return data;
  }

  return async (issuer) => {
    if (issuer === issuers(tenantId).v2) return createLocalJWKSet(await toJwks(keys.published()));
    const base = issuer.replace(/\/$/, '');
    const configuration = await read(`${base}/.well-known/openid-configuration`, configurationSchema);
    if (configuration.issuer !== issuer)
      throw issuerUnreachable(`${issuer} calls itself '${configuration.issuer}'.`);
    const find = createLocalJWKSet((await read(configuration.jwks_uri, jwksSchema)) as JSONWebKeySet);
    return (...token: Parameters<JWTVerifyGetKey>) =>
      find(...token).catch((error: Error) => {
        throw error instanceof errors.JOSEError
          ? error
          : issuerUnreachable(`${issuer} publishes no good key.`);
      });
  };
}
