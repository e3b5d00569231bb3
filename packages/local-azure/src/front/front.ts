import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { createServer as createTlsServer, TLSSocket } from 'node:tls';
import { type Client, setClient } from '../client.ts';
import type { HttpHandler, UpgradeHandler } from '../http-handler.ts';
import type { CertificateAuthority } from './certificate-authority.ts';
import { answerConnect, forward, tunnel } from './elsewhere.ts';
import { azureHost, type Service } from './hosts.ts';
import type { SourceAddresses } from './source-addresses.ts';
import { connectTarget, plainTarget, type Rules, secureTarget, type Target } from './targets.ts';

/**
 * What answers for a service. A handler finds Azure's own host name in `request.headers.host`, lower-case and
 * without a port, however the client spelled or reached it; and the host exists.
 */
export interface ServiceHandler {
  request: HttpHandler;
  upgrade?: UpgradeHandler;
}

export interface FrontOptions extends Rules {
  authority: CertificateAuthority;
  services: Record<Service, ServiceHandler>;
  sources: SourceAddresses;
  /** The page for people who open the proxy's own address. */
  page: HttpHandler;
  /** 0 takes any free one. */
  port: number;
}

export interface Front {
  port: number;
  /** Lets running requests end for `graceMs`, then leaves no socket open. */
  close(graceMs?: number): Promise<void>;
}

/**
 * The front door: an HTTP proxy on loopback that answers for Azure's hosts itself, over TLS, on behalf of the
 * services behind it. One HTTP server reads both sides: what arrives plainly, and what comes out of TLS.
 */
export async function openFront(options: FrontOptions): Promise<Front> {
  const { authority, services, sources } = options;
  // No limit on how long a request may take to arrive: images are uploaded through here.
  const server = createServer({ keepAliveTimeout: 75_000, requestTimeout: 0 });
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });

  /** Takes TLS off a tunnel's connections; what comes out is read as HTTP, sent by `client` if that is given. */
  function createUnwrapper(client?: Client) {
    const tls = createTlsServer({
      ALPNProtocols: ['http/1.1'],
      SNICallback: (name, done) => {
        const host = azureHost(name);
        if (!host) return done(new Error(`No certificate for ${name}`));
        authority.secureContext(host.host).then((context) => done(null, context), done);
      },
    });
    tls.on('secureConnection', (socket) => {
      if (client) setClient(socket, client);
      server.emit('connection', socket);
    });
    tls.on('tlsClientError', (_error, socket) => socket.destroy());
    return tls;
  }
  const unwrapper = createUnwrapper();

  server.on('connect', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    const target = connectTarget(request.url ?? '', options);
    if (target.kind === 'elsewhere') return tunnel(target, socket, head);
    if (target.kind === 'refuse') return answerConnect(socket, target.status, target.reason, target.text);
    answerConnect(socket, 200, 'Connection established');
    if (head.length > 0) socket.unshift(head);
    // An HTTP server's sockets are half-open, which TLS inherits: a client that goes in the middle of the handshake
    // would leave its socket behind.
    socket.allowHalfOpen = false;
    const address = sources.claimed(request.headers);
    // One of its own, since nothing else ties what comes out of TLS to the tunnel that it came through.
    const tls = address === undefined ? unwrapper : createUnwrapper({ address });
    tls.emit('connection', socket);
  });

  /** Where a request leads. One for Azure is rewritten to what Azure's host itself would have seen. */
  function route(request: IncomingMessage): Target {
    const { host } = request.headers;
    const url = request.url ?? '/';
    const target =
      request.socket instanceof TLSSocket
        ? secureTarget(host, options)
        : plainTarget(url, host, port, options);
    if (target.kind === 'azure') {
      request.headers.host = target.host.host;
      request.url = url.replace(/^https?:\/\/[^/?#]*/i, '').replace(/^(?!\/)/, '/');
    }
    return target;
  }

  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    // What a handler leaves unread would hold up the connection's next request. Node sees to it only where nothing
    // was read at all.
    response.once('finish', () => request.resume());
    const target = route(request);
    if (target.kind === 'azure') return services[target.host.service].request(request, response);
    if (target.kind === 'page') return options.page(request, response);
    if (target.kind === 'elsewhere') return forward(target, request, response);
    // A name that resolved when the connection was made and does so no more: who asks anew is told.
    if (request.socket instanceof TLSSocket) return request.socket.destroy();
    response.writeHead(target.status, target.reason, { 'Content-Type': 'text/plain; charset=utf-8' });
    response.end(`${target.text}\n`);
  });

  server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    const target = route(request);
    const upgrade = target.kind === 'azure' ? services[target.host.service].upgrade : undefined;
    if (upgrade) return upgrade(request, socket, head);
    socket.end('HTTP/1.1 501 Not Implemented\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
  });

  server.listen(options.port, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;

  return {
    port,
    async close(graceMs = 1000) {
      const closed = once(server, 'close');
      server.close();
      const timer = setTimeout(() => {
        for (const socket of sockets) socket.destroy();
      }, graceMs);
      await closed;
      clearTimeout(timer);
    },
  };
}
