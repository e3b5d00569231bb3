import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';

/** Who sends a request, as Azure's services see it. */
export interface Client {
  /** IPv4. */
  address: string;
}

const known = new WeakMap<Socket, Client>();

/** Says who is behind a connection, where it is not the address that the connection comes from. */
export const setClient = (socket: Socket, client: Client) => known.set(socket, client);

/** The client behind a request; for services that let some addresses in and others not. */
export const clientOf = ({ socket }: IncomingMessage): Client =>
  known.get(socket) ?? { address: socket.remoteAddress ?? '' };
