import { request } from 'node:http';
import { Agent } from 'node:https';
import type { Socket } from 'node:net';
import { connect } from 'node:tls';
import type { SourceAddresses } from './source-addresses.ts';

type Created = (error: Error | null, socket?: Socket) => void;

interface Connection {
  host: string;
  port?: number | string;
  localAddress?: string;
}

/**
 * An agent for `https.request` that goes through the proxy on `port` and trusts `ca` alone, as any client of the
 * front door does: for code in this process. The port is asked for at each connection, so that the agent can be
 * made before the front door is open. A host that does not exist fails as a name that does not resolve: with the code ENOTFOUND.
 *
 * With the front door's `sources`, a request comes from its `localAddress`.
 */
export function createAgent(port: () => number, ca: string, sources?: SourceAddresses): Agent {
  const agent = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY });
  const createConnection = (options: Connection, created: Created) => {
    const authority = `${options.host}:${options.port ?? 443}`;
    const opening = request({
      host: '127.0.0.1',
      port: port(),
      method: 'CONNECT',
      path: authority,
      headers: options.localAddress === undefined ? undefined : sources?.claim(options.localAddress),
      agent: false,
    });
    opening.once('error', created);
    opening.once('connect', (response, socket, head) => {
      if (response.statusCode !== 200) {
        socket.destroy();
        return created(refusal(options.host, response.statusCode!, response.statusMessage ?? ''));
      }
      if (head.length > 0) socket.unshift(head);
      socket.setNoDelay(true);
      created(null, connect({ socket, servername: options.host, ca, ALPNProtocols: ['http/1.1'] }));
    });
    opening.end();
  };
  return Object.assign(agent, { createConnection });
}

function refusal(host: string, status: number, reason: string): Error {
  return reason.startsWith('getaddrinfo ENOTFOUND')
    ? Object.assign(new Error(reason), { code: 'ENOTFOUND', syscall: 'getaddrinfo', hostname: host })
    : new Error(`The proxy refused ${host}: ${status} ${reason}`);
}
