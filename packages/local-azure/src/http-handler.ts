import type { IncomingMessage, ServerResponse } from 'node:http';

/** What stands behind a host name: the front door picks one by host and hands the request over. */
export type HttpHandler = (request: IncomingMessage, response: ServerResponse) => void;

/** Like {@link HttpHandler} for a WebSocket or other protocol upgrade. */
export type UpgradeHandler = (
  request: IncomingMessage,
  socket: import('node:net').Socket,
  head: Buffer,
) => void;
