import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { pipeline, Readable } from 'node:stream';
import type { Clock } from '../clock.ts';
import type { Entra } from '../entra/entra.ts';
import { brokeOff, type HttpHandler } from '../http-handler.ts';
import type { Resources } from '../store/resources.ts';
import type { ControlAccess } from './access.ts';
import { checkApiVersion, requireApiVersion } from './api-version.ts';
import { authenticate } from './authentication.ts';
import { AzureError, resourceGroupNotFound } from './azure-error.ts';
import { createGate } from './gate.ts';
import { isMetadataRequest, metadataEndpoints } from './metadata-endpoints.ts';
import { checkPreconditions } from './preconditions.ts';
import { requireRegistration } from './provider-registration.ts';
import type { RateLimits } from './rate-limits.ts';
import { readJson } from './request-body.ts';
import { checkSubscription, parseRequestUri } from './request-uri.ts';
import type { ArmRequest, ArmResponse, Route } from './route.ts';
import { createRouter } from './router.ts';
import { checkTags } from './tags.ts';
import { createUnroutable } from './unroutable.ts';

export interface Subscription {
  id: string;
  tenantId: string;
  displayName: string;
}

export interface ResourceManagerOptions {
  entra: Entra;
  access: ControlAccess;
  resources: Resources;
  clock: Clock;
  /** The operations of all providers. */
  routes: readonly Route[];
  subscription: Subscription;
  rateLimits: RateLimits;
  /** Told of a request that failed inside; the caller sees no more than an InternalServerError. */
  logError(message: string, error: unknown): void;
}

type Headers = Record<string, string>;

/** Serves `management.azure.com`. */
export function createResourceManager(options: ResourceManagerOptions): HttpHandler {
  const { entra, resources, clock, routes, subscription, rateLimits } = options;
  const router = createRouter(routes);
  const unroutable = createUnroutable(routes);
  const gate = createGate(options.access, resources);

  // The order is Azure's: even an unauthenticated caller learns that its api-version or subscription is wrong.
  async function respond(request: IncomingMessage, headers: Headers): Promise<ArmResponse> {
    const { segments, query } = parseRequestUri(request.url ?? '/');
    const apiVersion = requireApiVersion(query);
    const method = request.method as Route['method'];
    if (isMetadataRequest(method, segments)) return metadataEndpoints(apiVersion);
    checkSubscription(segments, subscription.id);
    const caller = await authenticate(entra, request.headers.authorization, clock.now());
    Object.assign(headers, rateLimits.take(caller.oid, method, segments));

    const path = `/${segments.join('/')}`;
    const routing = router.find(method, segments);
    if (!routing) throw unroutable.path(segments, apiVersion);
    if ('methods' in routing) throw unroutable.method(method, path, routing.methods);

    const { route, params } = routing;
    gate.enter(route, segments, caller);
    const body = await readJson(request);
    // From here on nothing is awaited until the handler has decided, so that what was checked is still so.
    gate.enterLinked(route, segments, caller, body);
    const asked: ArmRequest = { method, path, params, query, body, apiVersion, caller };
    checkRequest(asked, segments, request.headers);
    return gate.leave(route, segments, caller, await route.handle(asked));
  }

  /** What holds for the operations of all providers alike. */
  function checkRequest(
    { method, path, apiVersion, body }: ArmRequest,
    segments: readonly string[],
    headers: IncomingHttpHeaders,
  ): void {
    const { location, tags } = (body ?? {}) as { location?: unknown; tags?: unknown };
    requireResourceGroup(resources, method, segments);
    const locate = () => resources.get(path)?.body.location ?? String(location ?? '');
    checkApiVersion(segments, apiVersion, clock.now(), locate);
    if (isWrite(method)) requireRegistration(resources, segments);
    if (tags && typeof tags === 'object') checkTags(tags as Record<string, unknown>);
    if (headers['if-match'] ?? headers['if-none-match']) checkPreconditions(headers, resources.get(path));
  }

  return (request, response) => {
    const requestId = randomUUID();
    const described = `${request.method} management.azure.com${request.url?.split('?')[0]} (${requestId})`;
    const standard = standardHeaders(request, requestId, clock);
    respond(request, standard)
      .catch((error: unknown) => {
        if (error instanceof AzureError) return toResponse(error);
        if (brokeOff(request)) return undefined;
        options.logError(`${described} failed`, error);
        return toResponse(new AzureError(500, 'InternalServerError', 'Encountered internal server error.'));
      })
      .then((result) => (result ? write(request, response, result, standard) : response.destroy()))
      .catch((error: unknown) => {
        options.logError(`The answer to ${described} could not be written`, error);
        response.destroy();
      });
  };
}

const isWrite = (method: string) => ['PUT', 'PATCH', 'POST'].includes(method);

/** Nothing below a resource group answers when the group is gone; the group itself is its provider's matter. */
function requireResourceGroup(resources: Resources, method: string, segments: readonly string[]): void {
  if (segments.length < 4 || segments[2]?.toLowerCase() !== 'resourcegroups') return;
  const group = resources.get(`/${segments.slice(0, 4).join('/')}`);
  if (!group && segments.length > 4) throw resourceGroupNotFound(segments[3]!);
  if (group?.body.properties.provisioningState === 'Deleting' && isWrite(method)) {
    throw new AzureError(
      409,
      'ResourceGroupBeingDeleted',
      `The resource group '${segments[3]}' is in deprovisioning state and cannot perform this operation.`,
    );
  }
}

const toResponse = ({ status, code, message, headers }: AzureError): ArmResponse => ({
  status,
  headers,
  body: { error: { code, message } },
});

function standardHeaders(request: IncomingMessage, requestId: string, clock: Clock): Headers {
  const { headers } = request;
  const time = new Date(clock.now()).toISOString().replace(/[-:]|\.\d+/g, '');
  const clientRequestId = headers['x-ms-client-request-id'];
  const wantsItBack = headers['x-ms-return-client-request-id']?.toString().toLowerCase() === 'true';
  return {
    'cache-control': 'no-cache',
    pragma: 'no-cache',
    expires: '-1',
    'strict-transport-security': 'max-age=31536000; includeSubDomains',
    'x-content-type-options': 'nosniff',
    'x-ms-request-id': requestId,
    'x-ms-correlation-request-id': String(headers['x-ms-correlation-request-id'] ?? requestId),
    'x-ms-routing-request-id': `LOCAL:${time}:${requestId}`,
    ...(clientRequestId && wantsItBack ? { 'x-ms-client-request-id': String(clientRequestId) } : {}),
  };
}

function write(
  request: IncomingMessage,
  response: ServerResponse,
  { status, body, headers }: ArmResponse,
  standard: Headers,
): void {
  const all = { ...standard, ...headers };
  if (request.method === 'HEAD' || body === undefined) {
    const code = request.method === 'HEAD' && status === 200 ? 204 : status;
    // Clients in Go take an answer for empty by its length, and not when it comes in no chunks.
    response.writeHead(code, code === 204 ? all : { 'content-length': 0, ...all }).end();
    return;
  }
  if (body instanceof Readable) {
    // A client that goes before the end is no fault.
    pipeline(body, response.writeHead(status, headers), () => {});
    return;
  }
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const content = {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(text),
  };
  response.writeHead(status, { ...content, ...all }).end(text);
}
