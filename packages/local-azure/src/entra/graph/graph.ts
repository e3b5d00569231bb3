import { randomUUID } from 'node:crypto';
import { getRequestListener, type HttpBindings } from '@hono/node-server';
import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { Clock } from '../../clock.ts';
import { ExpectedError } from '../../expected-error.ts';
import { brokeOff, type HttpHandler } from '../../http-handler.ts';
import { graphAudiences } from '../audiences.ts';
import type { EntraOptions } from '../create-entra.ts';
import type { Directory } from '../directory/directory.ts';
import { type ServicePrincipal, TokenRefused } from '../entra.ts';
import type { Tokens } from '../tokens.ts';
import { parsePrincipalFilter } from './filter.ts';

class GraphError extends ExpectedError {
  readonly status: 400 | 401 | 404 | 500 | 501;
  readonly code: string;
  constructor(status: GraphError['status'], code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

const invalidToken = (message: string) => new GraphError(401, 'InvalidAuthenticationToken', message);
const notPresent = (id: string) =>
  new GraphError(
    404,
    'Request_ResourceNotFound',
    `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`,
  );
const badRequest = (message: string) => new GraphError(400, 'Request_BadRequest', message);

/** Graph's words for a token that does not do. */
const tokenFaults: Record<TokenRefused['fault'], string> = {
  malformed: 'IDX14100: JWT is not well formed, there are no dots (.).',
  signature: 'Access token validation failure. Invalid signature.',
  issuer: 'Access token validation failure. Invalid issuer.',
  audience: 'Access token validation failure. Invalid audience.',
  expired: 'Lifetime validation failed, the token is expired.',
  'not-yet-valid': 'Lifetime validation failed, the token is not yet valid.',
};

function toGraphError(thrown: Error): GraphError {
  if (thrown instanceof GraphError) return thrown;
  if (thrown instanceof TokenRefused) return invalidToken(tokenFaults[thrown.fault]);
  return new GraphError(500, 'InternalServerError', 'Internal server error.');
}

/** Source: learn.microsoft.com/graph/api/directoryobject-getbyids, "You can specify up to 1000 IDs" */
const maxIds = 1000;

interface GraphParts {
  directory: Directory;
  tokens: Tokens;
  clock: Clock;
  logError: EntraOptions['logError'];
}

/**
 * `graph.microsoft.com`: the look-ups that clients make around role assignments. There are service principals
 * and no users or groups; every principal may read the directory.
 */
export function createGraph({ directory, tokens, clock, logError }: GraphParts): HttpHandler {
  const app = new Hono<{ Bindings: HttpBindings }>();

  app.use(async (context, next) => {
    const [scheme, token] = (context.req.header('authorization') ?? '').split(' ');
    if (scheme?.toLowerCase() !== 'bearer' || !token) throw invalidToken('Access token is empty.');
    await tokens.verify(token, graphAudiences);
    await next();
  });

  for (const version of ['/v1.0', '/beta']) {
    const list = (context: Context, collection: string, value: unknown[]) =>
      context.json({ '@odata.context': metadata(version, collection), value });

    app.post(
      `${version}/directoryObjects/getByIds`,
      bodyLimit({
        maxSize: 256 * 1024,
        onError: () => {
          throw badRequest('The request body is too large.');
        },
      }),
      async (context) => {
        const { ids, types } = parseGetByIds(await context.req.text());
        const wanted = !types || types.some((type) => /^(servicePrincipal|directoryObject)$/i.test(type));
        const found = wanted
          ? ids.map(directory.getServicePrincipal).filter((principal) => principal !== undefined)
          : [];
        return list(
          context,
          'directoryObjects',
          found.map((principal) => ({
            '@odata.type': '#microsoft.graph.servicePrincipal',
            ...toGraph(principal),
          })),
        );
      },
    );

    app.get(`${version}/servicePrincipals`, (context) => {
      const filter = context.req.query('$filter');
      const predicate = filter === undefined ? () => true : parsePrincipalFilter(filter);
      if (!predicate)
        throw new GraphError(
          400,
          'Request_UnsupportedQuery',
          `Unsupported or invalid query filter clause specified: ${filter}`,
        );
      return list(
        context,
        'servicePrincipals',
        directory.list('Application', 'ManagedIdentity').filter(predicate).map(toGraph),
      );
    });

    for (const collection of ['servicePrincipals', 'directoryObjects']) {
      app.get(`${version}/${collection}/:id`, (context) => {
        const id = context.req.param('id');
        const principal = directory.getServicePrincipal(id);
        if (!principal) throw notPresent(id);
        return context.json({
          '@odata.context': metadata(version, `${collection}/$entity`),
          ...(collection === 'directoryObjects' && { '@odata.type': '#microsoft.graph.servicePrincipal' }),
          ...toGraph(principal),
        });
      });
    }

    for (const collection of ['users', 'groups'] as const) {
      app.get(`${version}/${collection}`, (context) => list(context, collection, []));
      app.get(`${version}/${collection}/:id`, (context) => {
        throw notPresent(context.req.param('id'));
      });
    }
  }

  app.notFound((context) => {
    const { method, path } = context.req;
    const error = new GraphError(
      501,
      'NotImplemented',
      `local-azure does not serve ${method} ${path} of Microsoft Graph.`,
    );
    return context.json(body(context, error), error.status);
  });
  app.onError((thrown, context) => {
    const error = toGraphError(thrown);
    if (error.status === 500 && !brokeOff(context.env.incoming))
      logError(`${context.req.method} ${context.req.url.split('?')[0]} failed`, thrown);
    return context.json(body(context, error), error.status);
  });

  function body(context: Context, error: GraphError) {
    const id = randomUUID();
    return {
      error: {
        code: error.code,
        message: error.message,
        innerError: {
          date: new Date(clock.now()).toISOString().slice(0, 19),
          'request-id': id,
          'client-request-id': context.req.header('client-request-id') ?? id,
        },
      },
    };
  }
  return getRequestListener(app.fetch, { overrideGlobalObjects: false });
}

const metadata = (version: string, entity: string) =>
  `https://graph.microsoft.com${version}/$metadata#${entity}`;

function toGraph(principal: ServicePrincipal) {
  const names = [principal.appId];
  return {
    id: principal.id,
    deletedDateTime: null,
    accountEnabled: true,
    alternativeNames: principal.resourceId ? ['isExplicit=False', principal.resourceId] : [],
    appDisplayName: principal.kind === 'Application' ? principal.displayName : null,
    appId: principal.appId,
    createdDateTime: new Date(principal.createdOn).toISOString(),
    displayName: principal.displayName,
    servicePrincipalNames: names,
    servicePrincipalType: principal.kind,
  };
}

function parseGetByIds(text: string): { ids: string[]; types?: string[] } {
  const strings = (value: unknown): value is string[] =>
    Array.isArray(value) && value.every((item) => typeof item === 'string');
  let request: { ids?: unknown; types?: unknown } | null;
  try {
    request = JSON.parse(text);
  } catch {
    throw badRequest(
      'Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of valid JSON format.',
    );
  }
  if (!strings(request?.ids)) throw badRequest("The parameter 'ids' must be a collection of strings.");
  if (request.ids.length > maxIds) throw badRequest(`Too many ids: at most ${maxIds} are allowed.`);
  if (request.types === undefined || request.types === null) return { ids: request.ids };
  if (!strings(request.types)) throw badRequest("The parameter 'types' must be a collection of strings.");
  return { ids: request.ids, types: request.types };
}
