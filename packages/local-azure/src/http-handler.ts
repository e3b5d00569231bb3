import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** What stands behind a host name: the front door picks one by host and hands the request over. */
export type HttpHandler = (request: IncomingMessage, response: ServerResponse) => void;

/** Like {@link HttpHandler} for a WebSocket or other protocol upgrade. */
export type UpgradeHandler = (request: IncomingMessage, socket: Socket, head: Buffer) => void;

/** Whether the client went before its request was complete: what fails then is no fault, and nobody reads the answer. */
export const brokeOff = (request: IncomingMessage): boolean => request.destroyed && !request.complete;
