import { randomUUID } from 'node:crypto';
import { getRequestListener, type HttpBindings } from '@hono/node-server';
import { type Context, Hono } from 'hono';
import { isGuid } from '../../guid.ts';
import { pageHeaders } from '../../html-page.ts';
import { brokeOff, type HttpHandler } from '../../http-handler.ts';
import { readBody } from '../../read-body.ts';
import type { EntraOptions } from '../create-entra.ts';
import { tenantDomain } from '../entra.ts';
import { type SigningKeys, toJwks } from '../signing-keys.ts';
import { createDeviceFlow, type DeviceFlowParts } from './device-flow.ts';
import { instanceDiscovery, openidConfiguration } from './discovery.ts';
import {
  EntraError,
  entraErrorBody,
  malformedRequest,
  malformedTenant,
  noTenant,
  signInFailed,
  tenantNotFound,
} from './entra-error.ts';
import { renderSignInPage, type SignInPage, signInPath } from './sign-in-page.ts';
import { createTokenEndpoint, type Issued, type TokenEndpointParts } from './token-endpoint.ts';
import { parseTokenRequest } from './token-request.ts';

interface LoginParts extends TokenEndpointParts, DeviceFlowParts {
  keys: SigningKeys;
  logError: EntraOptions['logError'];
}

interface Environment {
  Bindings: HttpBindings;
}

const maxFormBytes = 64 * 1024;

/** Names that stand for "whichever tenant the user is in". */
const anyTenant = new Set(['common', 'organizations']);

/** `login.microsoftonline.com`: discovery, keys, tokens, and the page where users sign in. */
export function createLogin(parts: LoginParts): HttpHandler {
  const { tenantId, keys: signingKeys, clock, logError } = parts;
  const issue = createTokenEndpoint(parts);
  const deviceFlow = createDeviceFlow(parts);
  const app = new Hono<Environment>();

  /** The tenant in the path, or the refusal. */
  const tenantOf = (context: Context<Environment>) => {
    const tenant = context.req.param('tenant') ?? '';
    const name = tenant.toLowerCase();
    if (name === tenantId || anyTenant.has(name)) return name;
    if (name === tenantDomain) return tenantId;
    throw /^[\w.-]+$/.test(tenant) ? tenantNotFound(tenant) : malformedTenant(tenant);
  };

  const configuration = (version: 'v1' | 'v2') => (context: Context<Environment>) => {
    const tenant = tenantOf(context);
    return context.json(openidConfiguration(tenant, anyTenant.has(tenant) ? '{tenantid}' : tenant, version));
  };
  app.get('/:tenant/v2.0/.well-known/openid-configuration', configuration('v2'));
  app.get('/:tenant/.well-known/openid-configuration', configuration('v1'));

  const keys = async (context: Context<Environment>) => {
    tenantOf(context);
    await signingKeys.current();
    return context.json(await toJwks(signingKeys.published()));
  };
  app.get('/:tenant/discovery/v2.0/keys', keys);
  app.get('/:tenant/discovery/keys', keys);
  app.get('/common/discovery/instance', (context) => context.json(instanceDiscovery('common')));

  const readForm = async (context: Context<Environment>) => {
    const isForm = /^application\/x-www-form-urlencoded\b/i.test(context.req.header('content-type') ?? '');
    const body = isForm ? await readBody(context.env.incoming, maxFormBytes) : undefined;
    if (!body) throw malformedRequest();
    return new URLSearchParams(body.toString());
  };

  const token = (version: 'v1' | 'v2') => async (context: Context<Environment>) => {
    const tenant = tenantOf(context);
    const form = await readForm(context);
    const request = parseTokenRequest(form, context.req.header('authorization'), version);
    // An application is known in its own tenant only; a user's name tells the tenant.
    if (anyTenant.has(tenant) && request.grant === 'client credentials') throw noTenant();
    const issued = await issue(request);
    context.header('Cache-Control', 'no-store, no-cache');
    context.header('Pragma', 'no-cache');
    return context.json(version === 'v2' ? issued.response : toOlderResponse(issued));
  };
  app.post('/:tenant/oauth2/v2.0/token', token('v2'));
  app.post('/:tenant/oauth2/token', token('v1'));

  app.post('/:tenant/oauth2/v2.0/devicecode', async (context) => {
    tenantOf(context);
    return context.json(deviceFlow.begin(await readForm(context)));
  });

  const page = (context: Context<Environment>, shown: SignInPage) =>
    context.body(renderSignInPage(shown), shown.kind === 'form' && shown.problem ? 400 : 200, pageHeaders);
  app.get(signInPath, (context) => page(context, { kind: 'form' }));
  app.post(signInPath, async (context) => page(context, await deviceFlow.signIn(await readForm(context))));

  app.notFound((context) =>
    context.json(
      {
        error: 'not_found',
        error_description:
          `local-azure: ${context.req.method} ${context.req.path} is not served. Sign in with az login ` +
          '--use-device-code, or with az login --service-principal.',
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

/** The older endpoint names the resource, and writes its numbers as strings. */
function toOlderResponse({ response, resource, expiresOn }: Issued) {
  const { expires_in, ext_expires_in, ...rest } = response;
  const expires = Math.floor(expiresOn / 1000);
  return {
    ...rest,
    expires_in: String(expires_in),
    ext_expires_in: String(ext_expires_in),
    expires_on: String(expires),
    not_before: String(expires - expires_in - 301),
    resource,
  };
}
