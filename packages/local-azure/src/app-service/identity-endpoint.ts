import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { decodeJwt } from 'jose';
import type { Entra } from '../entra/entra.ts';
import { ExpectedError } from '../expected-error.ts';
import { sameSecret } from '../secret.ts';
import type { HostService } from './engines/engine.ts';
import type { AttachedIdentity, SiteSpec } from './site.ts';

type Identities = SiteSpec['identity'];

export interface IdentityEndpoint {
  /** What one container may ask; `identities` are its site's at the moment. */
  forContainer(identities: () => Identities | undefined): HostService;
}

export interface IdentityEndpointOptions {
  entra: Entra;
  /** Told of faults of this program itself. */
  logError(message: string, error: unknown): void;
}

/**
 * App Service's local token service, which gives an app the tokens of its managed identities. Each container has a
 * way to it and a secret of its own.
 * Source: MicrosoftDocs/azure-docs articles/app-service/overview-managed-identity.md, "REST endpoint reference"
 */
export function createIdentityEndpoint({ entra, logError }: IdentityEndpointOptions): IdentityEndpoint {
  const callers = new WeakMap<Socket, { secret: string; identities: () => Identities | undefined }>();
  // It listens nowhere: each engine brings its containers' connections.
  const server = createServer((request, response) => {
    answer(request)
      .then((body) => reply(response, 200, body))
      .catch((error) => {
        if (error instanceof Refusal) return refuse(response, error);
        logError('The identity endpoint failed', error);
        refuse(response, new Refusal(500, 'The local Azure failed; its own log says why.'));
      });
  });

  async function answer(request: IncomingMessage) {
    const caller = callers.get(request.socket);
    const shown = request.headers['x-identity-header'];
    if (!caller || typeof shown !== 'string' || !sameSecret(shown, caller.secret)) {
      throw new Refusal(401, 'The header X-IDENTITY-HEADER must be the value of IDENTITY_HEADER.');
    }
    if (request.method !== 'GET') throw new Refusal(405, 'Tokens are read with GET.');
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://localhost');
    if (pathname !== tokenPath) throw new Refusal(404, `There is nothing at ${pathname}.`);
    const version = searchParams.get('api-version') ?? '';
    // Versions are dates; the older protocol had another header.
    if (!/^\d{4}-\d\d-\d\d$/.test(version) || version < oldestVersion) {
      throw new Refusal(400, `The api-version '${version}' is not supported; use ${oldestVersion}.`);
    }
    const resource = searchParams.get('resource');
    if (!resource) throw new Refusal(400, "The parameter 'resource' is missing.");
    const identity = chooseIdentity(caller.identities(), searchParams);
    return toAnswer(await issue(identity, resource), resource, identity);
  }

  async function issue({ principalId }: AttachedIdentity, resource: string): Promise<string> {
    try {
      return (await entra.issueToken(principalId, resource)).token;
    } catch (error) {
      throw new Refusal(400, (error as Error).message);
    }
  }

  return {
    forContainer(identities) {
      const secret = randomUUID();
      return {
        serve(socket) {
          callers.set(socket, { secret, identities });
          server.emit('connection', socket);
        },
        env: (origin) => ({ IDENTITY_ENDPOINT: `${origin}${tokenPath}`, IDENTITY_HEADER: secret }),
      };
    },
  };
}

const tokenPath = '/msi/token';
const oldestVersion = '2019-08-01';

class Refusal extends ExpectedError {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** Parameters that choose a user-assigned identity, at most one of them; without any it is the system-assigned one. */
const selectors: Record<string, 'clientId' | 'principalId' | 'resourceId'> = {
  client_id: 'clientId',
  principal_id: 'principalId',
  object_id: 'principalId',
  mi_res_id: 'resourceId',
};

function chooseIdentity(identities: Identities | undefined, parameters: URLSearchParams): AttachedIdentity {
  const given = Object.keys(selectors).filter((name) => parameters.get(name));
  if (given.length > 1) throw new Refusal(400, `Only one of ${given.join(', ')} may be given.`);
  const [selector] = given;
  if (selector === undefined) {
    if (identities?.systemAssigned) return identities.systemAssigned;
    throw new Refusal(400, 'The app has no system-assigned managed identity.');
  }
  const wanted = parameters.get(selector)!.toLowerCase();
  const found = identities?.userAssigned.find((one) => one[selectors[selector]!].toLowerCase() === wanted);
  if (found) return found;
  // Source: Azure-Samples/azure-search-openai-demo issue 2148
  throw new Refusal(
    400,
    'No User Assigned or Delegated Managed Identity found for specified ClientId/ResourceId/PrincipalId.',
  );
}

function toAnswer(token: string, resource: string, { clientId }: AttachedIdentity) {
  const { exp, nbf } = decodeJwt(token);
  return {
    access_token: token,
    client_id: clientId,
    expires_on: String(exp),
    not_before: String(nbf),
    resource,
    token_type: 'Bearer',
  };
}

/** Source of the form: MicrosoftDocs/azure-docs issue 43543; in lower case since the api-version 2019-08-01 */
const refuse = (response: ServerResponse, { status, message }: Refusal) =>
  reply(response, status, { statusCode: status, message, correlationId: randomUUID() });

function reply(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(body));
}
