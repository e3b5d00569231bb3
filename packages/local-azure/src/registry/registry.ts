import { randomBytes, randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { clientOf } from '../client.ts';
import type { Clock } from '../clock.ts';
import type { Entra } from '../entra/entra.ts';
import type { HttpHandler } from '../http-handler.ts';
import type { Access } from '../resource-manager/access.ts';
import type { Database } from '../store/database.ts';
import { loadSigningKey } from '../store/signing-key.ts';
import { type Credential, createAuthenticator } from './authenticate.ts';
import { createBlobStore } from './blob-store.ts';
import { createBlobUrls } from './blob-urls.ts';
import { type ChallengeError, challenge } from './challenge.ts';
import { createContent } from './content.ts';
import { createDataEndpoint, writeStorageError } from './data-endpoint.ts';
import { deniedByFirewall, registryUnknown, toRegistryError, unauthorized, writeError } from './errors.ts';
import { admits } from './firewall.ts';
import { createGarbageCollection, defaultGraceMs } from './garbage.ts';
import { createImports, type OpenForeign } from './import-image.ts';
import type { Imports } from './import-order.ts';
import { requireEnabled } from './locks.ts';
import { createOperations, operationFor } from './operations.ts';
import { allows, type Scope } from './permissions.ts';
import { correlationId, type RegistryEvent } from './registry-events.ts';
import type { RegistryFacts, RegistryLookup } from './registry-facts.ts';
import { parseRoute } from './route.ts';
import { createTokenService } from './token-service.ts';
import { createTokens } from './tokens.ts';
import { startUpkeep } from './upkeep.ts';
import { createUploadSessions } from './upload-sessions.ts';

export interface RegistryOptions {
  db: Database;
  /** Where blobs are kept; nothing else may be in it. */
  blobsDir: string;
  clock: Clock;
  entra: Entra;
  access: Access;
  lookup: RegistryLookup;
  openForeign: OpenForeign;
  /** Told of each change of a repository. */
  onEvent?(event: RegistryEvent): void;
  /** How long a blob that no manifest names is kept. Default: see `garbage.ts`. */
  graceMs?: number;
  /** Told of what is behind a 500 or a failing disk. */
  logError(message: string, error: unknown): void;
}

/** The data plane of `*.azurecr.io`. */
export interface Registry {
  /** Serves every registry, picked by the `Host` header. */
  handler: HttpHandler;
  /** Serves one registry on an address of this machine, over plain HTTP: tokens are then fetched there too. */
  handlerOnLoopback(loginServer: string): HttpHandler;
  /** Serves every registry's dedicated data endpoint, picked by the `Host` header. */
  dataEndpoint: HttpHandler;
  /** Is there a registry of this name? If not, its name would not resolve. */
  exists(loginServer: string): boolean;
  /** Is this the data endpoint of a registry that has one? */
  hasDataEndpoint(host: string): boolean;
  /** The bytes that a registry's layers and manifests take. */
  storedBytes(loginServer: string): number;
  imports: Imports;
  /** Gives up the uploads that are not complete. */
  close(): Promise<void>;
}

/** Opens the registry, and clears away what a killed process left half-pushed. */
export async function createRegistry(options: RegistryOptions): Promise<Registry> {
  const { db, blobsDir, clock, entra, access, lookup, openForeign, onEvent, logError } = options;
  const { graceMs = defaultGraceMs } = options;
  const content = createContent(db, clock, graceMs);
  const blobs = await createBlobStore(blobsDir);
  await blobs.discardAllDrafts();
  const tokens = createTokens(await loadSigningKey(db, clock, 'registry'), clock);
  const stores = { content, blobs, emit };
  const authenticator = createAuthenticator(tokens, access, clock);
  const tokenService = createTokenService(entra, access, tokens, authenticator);
  // Whoever holds a URL of an earlier process asks the registry again, as after its expiry.
  const blobUrls = createBlobUrls(randomBytes(32), clock);
  const sessions = createUploadSessions(blobs, clock);
  const operations = createOperations(stores, sessions, tokenService, blobUrls);
  const sendSignedBlob = createDataEndpoint(stores, blobUrls);
  const garbage = createGarbageCollection({ db, blobs, clock, graceMs });
  const stopUpkeep = startUpkeep(
    async (signal) => {
      await sessions.dropIdle();
      await garbage.collect(signal);
    },
    { clock, everyMs: graceMs / 60, logError },
  );

  /** Whoever hears of a change must not undo the answer to it. */
  function emit(event: RegistryEvent): void {
    try {
      onEvent?.(event);
    } catch (error) {
      logError(`A ${event.action} to ${event.registry}/${event.repository} could not be told`, error);
    }
  }

  async function handle(origin: Origin, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { facts } = origin;
    const [path = '', search] = (request.url ?? '').split('?', 2);
    const route = parseRoute(path);
    const operation = operationFor(operations, route, request.method ?? '');
    const query = new URLSearchParams(search);
    const caller = await authorize(origin, operation.needs?.(route, query), request);
    if (operation.enabledBy && 'repository' in route) {
      // A handler that awaits nothing finds the lock as it is here.
      const place = { registry: facts.loginServer, repository: route.repository };
      requireEnabled(content.repositoryAttributes(place), operation.enabledBy);
    }
    await operation.handle({ route, query, facts, caller, request, response });
  }

  /** Throws a challenge when the caller has not got what the operation needs. */
  async function authorize(
    { facts, realm }: Origin,
    scopes: Scope[] | undefined,
    request: IncomingMessage,
  ): Promise<Credential | undefined> {
    if (!scopes) return undefined;
    const refuse = (error?: ChallengeError) =>
      unauthorized(scopes, challenge(realm, facts.loginServer, scopes, error));
    const { authorization } = request.headers;
    if (!authorization) throw refuse();
    const credential = await authenticator.byHeader(authorization, facts);
    if (!credential) throw refuse('invalid_token');
    if (!scopes.every((scope) => allows(credential.rights, scope))) throw refuse('insufficient_scope');
    return credential;
  }

  /** What is known of a registry whose firewall lets the request through. */
  function admit(loginServer: string, request: IncomingMessage): RegistryFacts {
    const facts = lookup(loginServer);
    if (!facts) throw registryUnknown(loginServer);
    const client = clientOf(request);
    if (!admits(facts.firewall, client)) throw deniedByFirewall(client.address);
    return facts;
  }

  const serve =
    (
      answer: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
      refuse = writeError,
    ): HttpHandler =>
    (request, response) => {
      response.setHeader('docker-distribution-api-version', 'registry/2.0');
      response.setHeader(correlationId, randomUUID());
      response.setHeader('x-content-type-options', 'nosniff');
      Promise.resolve()
        .then(() => answer(request, response))
        .catch((error) => {
          // A client that broke off is nobody's fault, and reads no answer.
          if (request.errored || response.destroyed) return response.destroy();
          const refusal = toRegistryError(error);
          if (refusal.status >= 500) logError(`${addressOf(request)} failed`, error);
          refuse(response, refusal);
        });
    };

  return {
    handler: serve((request, response) => {
      const loginServer = hostOf(request);
      const facts = admit(loginServer, request);
      return handle({ facts, realm: `https://${loginServer}/oauth2/token` }, request, response);
    }),
    handlerOnLoopback: (loginServer) =>
      serve((request, response) => {
        // Who comes this way does not know the names, so cannot be sent on to another one.
        const facts = { ...admit(loginServer, request), dataEndpoint: undefined };
        return handle({ facts, realm: `http://${request.headers.host}/oauth2/token` }, request, response);
      }),
    dataEndpoint: serve(
      (request, response) =>
        sendSignedBlob(admit(loginServerOfData(hostOf(request)), request), request, response),
      writeStorageError,
    ),
    exists: (loginServer) => lookup(loginServer.toLowerCase()) !== undefined,
    hasDataEndpoint: (host) => lookup(loginServerOfData(host))?.dataEndpoint === host,
    storedBytes: (loginServer) => content.storedBytes(loginServer.toLowerCase()),
    imports: createImports({ ...stores, lookup, openForeign, entra, access, authenticator }),
    async close() {
      await stopUpkeep();
      await sessions.dropAll();
    },
  };
}

const hostOf = ({ headers }: IncomingMessage) => (headers.host ?? '').toLowerCase().replace(/:\d+$/, '');

/** `hoge.azurecr.io` of `hoge.japaneast.data.azurecr.io`. */
const loginServerOfData = (host: string) => `${host.split('.')[0]}.azurecr.io`;

/** Without the query, which may name what is nobody's business. */
const addressOf = ({ method, headers, url }: IncomingMessage) =>
  `${method} ${headers.host}${url?.split('?')[0]}`;

interface Origin {
  facts: RegistryFacts;
  /** Where this client fetches tokens. */
  realm: string;
}
