import { randomUUID } from 'node:crypto';
import { getRequestListener, type HttpBindings } from '@hono/node-server';
import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { exportJWK, type JWK } from 'jose';
import type { Clock } from '../../clock.ts';
import { isGuid } from '../../guid.ts';
import { brokeOff, type HttpHandler } from '../../http-handler.ts';
import type { SigningKey } from '../../store/signing-key.ts';
import { isResource } from '../audiences.ts';
import type { EntraOptions } from '../create-entra.ts';
import type { Directory } from '../directory/principals.ts';
import type { Tokens } from '../tokens.ts';
import { instanceDiscovery, openidConfiguration } from './discovery.ts';
import {
  applicationNotFound,
  EntraError,
  entraErrorBody,
  expiredSecret,
  invalidSecret,
  malformedRequest,
  malformedTenant,
  noTenant,
  resourceNotInTenant,
  signInFailed,
  tenantNotFound,
} from './entra-error.ts';
import { parseTokenRequest } from './token-request.ts';

interface LoginParts {
  tenantId: string;
  key: SigningKey;
  directory: Directory;
  tokens: Tokens;
  clock: Clock;
  logError: EntraOptions['logError'];
}

/** Names that stand for "whichever tenant the user is in". */
const anyTenant = new Set(['common', 'organizations']);

/** `login.microsoftonline.com`: discovery, keys, and tokens for service principals. */
export async function createLogin({
  tenantId,
  key,
  directory,
  tokens,
  clock,
  logError,
}: LoginParts): Promise<HttpHandler> {
  const jwk = await publicJwk(key);
  const app = new Hono<{ Bindings: HttpBindings }>();

  /** The tenant in the path, or the refusal. */
  const tenantOf = (context: Context) => {
    const tenant = context.req.param('tenant') ?? '';
    if (tenant.toLowerCase() === tenantId || anyTenant.has(tenant.toLowerCase())) return tenant.toLowerCase();
    throw /^[\w.-]+$/.test(tenant) ? tenantNotFound(tenant) : malformedTenant(tenant);
  };

  const configuration = (version: 'v1' | 'v2') => (context: Context) => {
    const tenant = tenantOf(context);
    return context.json(openidConfiguration(tenant, anyTenant.has(tenant) ? '{tenantid}' : tenant, version));
  };
  app.get('/:tenant/v2.0/.well-known/openid-configuration', configuration('v2'));
  app.get('/:tenant/.well-known/openid-configuration', configuration('v1'));

  const keys = (context: Context) => {
    tenantOf(context);
    return context.json({ keys: [jwk] });
  };
  app.get('/:tenant/discovery/v2.0/keys', keys);
  app.get('/:tenant/discovery/keys', keys);
  app.get('/common/discovery/instance', (context) => context.json(instanceDiscovery('common')));

  const token = (version: 'v1' | 'v2') => async (context: Context) => {
    if (anyTenant.has(tenantOf(context))) throw noTenant();
    if (!/^application\/x-www-form-urlencoded\b/i.test(context.req.header('content-type') ?? ''))
      throw malformedRequest();
    const form = new URLSearchParams(await context.req.text());
    const { clientId, secret, resource } = parseTokenRequest(
      form,
      context.req.header('authorization'),
      version,
    );

    const principal = directory.getByAppId(clientId);
    if (principal?.kind !== 'Application') throw applicationNotFound(clientId, tenantId);
    const verdict = directory.checkSecret(clientId, secret);
    if (verdict === 'wrong') throw invalidSecret(clientId);
    if (verdict === 'expired') throw expiredSecret(clientId);
    if (!isResource(resource)) throw resourceNotInTenant(resource, tenantId);

    const { token: accessToken, expiresOn } = await tokens.sign(principal, resource);
    const expires = Math.floor(expiresOn / 1000);
    const expiresIn = expires - Math.floor(clock.now() / 1000) - 1;
    context.header('Cache-Control', 'no-store, no-cache');
    context.header('Pragma', 'no-cache');
    // The older endpoint writes its numbers as strings.
    return context.json(
      version === 'v2'
        ? {
            token_type: 'Bearer',
            expires_in: expiresIn,
            ext_expires_in: expiresIn,
            access_token: accessToken,
          }
        : {
            token_type: 'Bearer',
            expires_in: String(expiresIn),
            ext_expires_in: String(expiresIn),
            expires_on: String(expires),
            not_before: String(expires - 3900),
            resource,
            access_token: accessToken,
          },
    );
  };
  const limit = bodyLimit({
    maxSize: 64 * 1024,
    onError: () => {
      throw malformedRequest();
    },
  });
  app.post('/:tenant/oauth2/v2.0/token', limit, token('v2'));
  app.post('/:tenant/oauth2/token', limit, token('v1'));

  app.notFound((context) =>
    context.json(
      {
        error: 'not_found',
        error_description:
          `local-azure: ${context.req.method} ${context.req.path} is not served. This tenant has service ` +
          'principals and no users: sign in with a client id and secret (az login --service-principal).',
      },
      404,
    ),
  );
  app.onError((thrown, context) => {
    const error = thrown instanceof EntraError ? thrown : signInFailed();
    if (error !== thrown && !brokeOff(context.env.incoming)) {
      logError(`${context.req.method} ${context.req.url.split('?')[0]} failed`, thrown);
    }
    const given = context.req.header('client-request-id');
    const body = entraErrorBody(error, clock.now(), isGuid(given) ? given : randomUUID());
    context.header('x-ms-request-id', body.trace_id);
    context.header('Cache-Control', 'no-store, no-cache');
    return context.json(body, error.status as 400 | 401 | 500);
  });
  return getRequestListener(app.fetch, { overrideGlobalObjects: false });
}

async function publicJwk({ kid, publicKey }: SigningKey): Promise<JWK> {
  return { ...(await exportJWK(publicKey)), kid, x5t: kid, use: 'sig', alg: 'RS256' };
}
