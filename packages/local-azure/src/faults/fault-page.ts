import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import type { HttpHandler } from '../http-handler.ts';
import { readBody } from '../read-body.ts';
import { sameSecret } from '../secret.ts';
import { UserError } from '../user-error.ts';
import type { FaultControl } from './faults.ts';

export interface FaultPageOptions {
  faults: FaultControl;
  /** What a caller must know: it is in a file that only the owner of this local Azure can read. */
  secret: string;
}

const bodySchema = z.object({ fault: z.string() });
const bodyLimit = 64 * 1024;

/** A request that is not granted. */
class Refused extends UserError {
  readonly status: number;
  constructor(status: number, message: string, hint: string) {
    super(message, hint);
    this.status = status;
  }
}

/**
 * `/faults` at the proxy's own address: GET lists them, POST sets one, DELETE clears all, or one as `/faults/1`.
 * Everything else there is for `otherwise`.
 *
 * A page of the web that a browser shows can send requests here, too. It knows no secret; and it cannot send JSON, nor
 * DELETE, without being let, which nobody does here.
 */
export function faultPage({ faults, secret }: FaultPageOptions, otherwise: HttpHandler): HttpHandler {
  return (request, response) => {
    const [, id] = /^\/faults(?:\/(\d+))?$/.exec(request.url ?? '') ?? [];
    if (id === undefined && request.url !== '/faults') return otherwise(request, response);
    handle(request, id).then(
      (body) => send(response, 200, body),
      (error) => refuse(response, error),
    );
  };

  async function handle(request: IncomingMessage, id: string | undefined): Promise<unknown> {
    const [, shown = ''] = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '') ?? [];
    if (!sameSecret(shown, secret))
      throw new Refused(
        401,
        'The faults are for the owner of this local Azure.',
        'Use local-azure faults, or send: Authorization: Bearer <AZURE_CLIENT_SECRET of local-azure env>',
      );
    if (request.method === 'GET' && id === undefined) return faults.list();
    if (request.method === 'DELETE') return faults.clear(id);
    if (request.method === 'POST' && id === undefined) return faults.add(await readFault(request));
    throw new Refused(
      405,
      `${request.method} ${request.url} does nothing.`,
      'GET, POST and DELETE /faults do.',
    );
  }
}

async function readFault(request: IncomingMessage): Promise<string> {
  const hint = 'Send {"fault":"registry-outage,for=30s"} with Content-Type: application/json';
  if (!/^application\/json\b/i.test(request.headers['content-type'] ?? ''))
    throw new Refused(415, 'A fault comes as JSON.', hint);
  const body = await readBody(request, bodyLimit);
  if (!body) throw new Refused(413, 'The request is too large.', hint);
  try {
    return bodySchema.parse(JSON.parse(body.toString())).fault;
  } catch {
    throw new Refused(400, 'The request does not hold a fault.', hint);
  }
}

function refuse(response: ServerResponse, error: unknown): void {
  if (!(error instanceof UserError)) {
    response.destroy();
    return;
  }
  const { message, hint } = error;
  send(response, error instanceof Refused ? error.status : 400, { error: { message, hint } });
}

function send(response: ServerResponse, status: number, body: unknown): void {
  const text = JSON.stringify(body);
  response
    .writeHead(status, {
      'Content-Type': 'application/json; charset=utf-8',
      'Content-Length': Buffer.byteLength(text),
    })
    .end(text);
}
