import { randomUUID } from 'node:crypto';
import {
  Agent,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request,
  type ServerResponse,
} from 'node:http';
import { connect, type Socket } from 'node:net';
import { pipeline } from 'node:stream';
import { TLSSocket } from 'node:tls';
import type { Container } from './engines/engine.ts';
import { badGateway, gatewayTimeout } from './site-pages.ts';

type Address = Container['address'];

/** The platform's load balancer gives up on a silent request: learn.microsoft.com/troubleshoot/azure/app-service/web-apps-performance-faqs */
export const longestSilenceMs = 230_000;

/** Source: RFC 9110, section 7.6.1 */
const hopByHop = [
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
];

/** Passes requests on to a container, and streams both ways. */
export interface SiteProxy {
  /** `setCookie` is added to the answer. */
  forward(address: Address, request: IncomingMessage, response: ServerResponse, setCookie?: string): void;
  upgrade(address: Address, request: IncomingMessage, socket: Socket, head: Buffer): void;
  close(): void;
}

export function createSiteProxy(): SiteProxy {
  const agent = new Agent({ keepAlive: true });
  return {
    forward(address, incoming, response, setCookie) {
      const headers = forwardedHeaders(incoming, withoutHopByHop(incoming.headers));
      // Without a length the body's size is unknown beforehand, and goes on in chunks.
      if (incoming.headers['transfer-encoding']) headers['transfer-encoding'] = 'chunked';
      const options = { ...address, agent, method: incoming.method, path: incoming.url, headers };
      const outgoing = request(options, (answer) => {
        const answered = withoutHopByHop(answer.headers);
        if (setCookie) answered['set-cookie'] = [...(answered['set-cookie'] ?? []), setCookie];
        response.writeHead(answer.statusCode!, answer.statusMessage, answered);
        response.flushHeaders();
        pipeline(answer, response, () => {});
      });
      outgoing.on('information', ({ statusCode, headers }) => {
        if (statusCode === 103) response.writeEarlyHints(headers as Record<string, string>);
      });
      outgoing.setTimeout(longestSilenceMs, () => {
        if (!response.headersSent) gatewayTimeout(response);
        outgoing.destroy();
      });
      outgoing.on('error', () => {
        if (!response.writableEnded) badGateway(response);
      });
      response.once('close', () => outgoing.destroy());
      // Not a pipeline: a container that fails must not take the visitor's connection with it, so that it can be told.
      incoming.pipe(outgoing);
    },

    upgrade(address, incoming, socket, head) {
      const container =
        'socketPath' in address ? connect(address.socketPath) : connect(address.port, address.host);
      container.once('connect', () => {
        const headers = forwardedHeaders(incoming, { ...incoming.headers });
        const lines = Object.entries(headers).flatMap(([name, value]) =>
          [value ?? []].flat().map((one) => `${name}: ${one}\r\n`),
        );
        container.write(`${incoming.method} ${incoming.url} HTTP/1.1\r\n${lines.join('')}\r\n`);
        container.write(head);
        pipeline(socket, container, () => {});
        pipeline(container, socket, () => {});
      });
      container.once('error', () => socket.destroy());
      socket.once('close', () => container.destroy());
    },

    close: () => agent.destroy(),
  };
}

function withoutHopByHop(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const named = (headers.connection ?? '').toLowerCase().split(/\s*,\s*/);
  const dropped = new Set([...hopByHop, ...named]);
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !dropped.has(name)));
}

/** What App Service's front ends add. Source: learn.microsoft.com/azure/app-service/overview-inbound-outbound-ips and configure-language-* ("X-Forwarded-*", "X-ARR-*") */
function forwardedHeaders(incoming: IncomingMessage, headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const secure = incoming.socket instanceof TLSSocket;
  const client = `${incoming.socket.remoteAddress ?? '127.0.0.1'}:${incoming.socket.remotePort ?? 0}`;
  const before = incoming.headers['x-forwarded-for'];
  return {
    ...headers,
    'x-forwarded-for': before ? `${before}, ${client}` : client,
    'x-forwarded-proto': secure ? 'https' : 'http',
    'x-original-url': incoming.url,
    'x-arr-log-id': randomUUID(),
    'disguised-host': incoming.headers.host,
    'was-default-hostname': incoming.headers.host,
    'client-ip': client,
    ...(secure ? { 'x-appservice-proto': 'https' } : {}),
  };
}
