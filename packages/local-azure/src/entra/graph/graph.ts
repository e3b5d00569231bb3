import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { getRequestListener, type HttpBindings } from '@hono/node-server';
import { type Context, Hono } from 'hono';
import type { Clock } from '../../clock.ts';
import { brokeOff, type HttpHandler } from '../../http-handler.ts';
import { readBody } from '../../read-body.ts';
import { graphAudiences } from '../audiences.ts';
import type { EntraOptions } from '../create-entra.ts';
import type { Directory } from '../directory/directory.ts';
import type { Claims } from '../entra.ts';
import type { Tokens } from '../tokens.ts';
import { applicationRoutes } from './applications.ts';
import { directoryObjectRoutes } from './directory-objects.ts';
import {
  badRequest,
  GraphError,
  insufficientPrivileges,
  invalidToken,
  notImplemented,
  toGraphError,
} from './graph-error.ts';
import { groupRoutes } from './groups.ts';
import type { GraphContext, GraphResponse, GraphRoute } from './route.ts';
import { servicePrincipalRoutes } from './service-principals.ts';
import { userRoutes } from './users.ts';

interface GraphParts {
  directory: Directory;
  tokens: Tokens;
  clock: Clock;
  logError: EntraOptions['logError'];
}

/** One file per kind of object, each with one line here. */
const allRoutes = (context: GraphContext): GraphRoute[] => [
  ...userRoutes(context),
  ...groupRoutes(context),
  ...applicationRoutes(context),
  ...servicePrincipalRoutes(context),
  ...directoryObjectRoutes(context),
];

const maxBodyBytes = 256 * 1024;

/** `graph.microsoft.com`: the calls that clients make around sign-ins and role assignments. */
export function createGraph({ directory, tokens, clock, logError }: GraphParts): HttpHandler {
  const app = new Hono<{ Bindings: HttpBindings }>();
  const authenticate = async (context: Context): Promise<Claims> => {
    const [scheme, token] = (context.req.header('authorization') ?? '').split(' ');
    if (scheme?.toLowerCase() !== 'bearer' || !token) throw invalidToken('Access token is empty.');
    return tokens.verify(token, graphAudiences);
  };
  const mayWrite = ({ oid }: Claims): boolean => {
    const principal = directory.get(oid);
    return principal !== undefined && principal.kind !== 'Group' && principal.isDirectoryAdmin === true;
  };

  for (const version of ['/v1.0', '/beta']) {
    for (const { method, path, isRead, handle } of allRoutes({ directory })) {
      app.on(method, `${version}${path}`, async (context) => {
        const caller = await authenticate(context);
        if (method !== 'GET' && !isRead && !mayWrite(caller)) throw insufficientPrivileges();
        const url = new URL(context.req.url);
        const answer = await handle({
          params: context.req.param() as Record<string, string>,
          query: url.searchParams,
          body: await readJson(context.env.incoming),
          caller,
          url: `${url.pathname}${url.search}`,
        });
        return respond(context, version, answer);
      });
    }
  }

  app.notFound(async (context) => {
    // Who has no token learns nothing of what there is.
    const error = await authenticate(context).then(
      () => notImplemented(`${context.req.method} ${context.req.path}`),
      toGraphError,
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

function respond(context: Context, version: string, { status, context: name, body }: GraphResponse) {
  if (status === 204) return context.body(null, 204);
  const metadata = `https://graph.microsoft.com${version}/$metadata#${name}`;
  return context.json({ '@odata.context': metadata, ...body }, status);
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const body = await readBody(request, maxBodyBytes);
  if (!body) throw new GraphError(413, 'RequestEntityTooLarge', 'The request body is too large.');
  if (body.length === 0) return undefined;
  try {
    return JSON.parse(body.toString());
  } catch {
    throw badRequest(
      'Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of valid JSON format.',
    );
  }
}
