import { request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import { pipeline } from 'node:stream';

/** A host that is not Azure's. */
interface Destination {
  host: string;
  port: number;
}

/** Answers a CONNECT: opens the tunnel on 200, ends the connection with `text` otherwise. */
export function answerConnect(socket: Socket, status: number, reason: string, text = ''): void {
  if (status === 200) {
    socket.write(`HTTP/1.1 200 ${reason}\r\n\r\n`);
    return;
  }
  const body = `${text}\n`;
  socket.end(
    `HTTP/1.1 ${status} ${reason}\r\nContent-Type: text/plain; charset=utf-8\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}

/** Lets a CONNECT through to another host. */
export function tunnel({ host, port }: Destination, socket: Socket, head: Buffer): void {
  const upstream = connect({ host, port, noDelay: true });
  const failed = (error: Error) => answerConnect(socket, 502, 'Bad Gateway', error.message);
  upstream.once('error', failed);
  upstream.once('connect', () => {
    upstream.off('error', failed);
    answerConnect(socket, 200, 'Connection established');
    upstream.write(head);
    pipeline(socket, upstream, socket, () => upstream.destroy());
  });
  socket.once('close', () => upstream.destroy());
}

/** Lets a plain HTTP request through to another host. */
export function forward(
  { host, port }: Destination,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const path = request.url!.replace(/^http:\/\/[^/?#]*/i, '') || '/';
  const { 'proxy-connection': _c, 'proxy-authorization': _a, ...headers } = request.headers;
  const upstream = httpRequest({ host, port, path, method: request.method, headers }, (answer) => {
    response.writeHead(answer.statusCode!, answer.statusMessage, answer.headers);
    pipeline(answer, response, () => {});
  });
  upstream.on('error', (error) => {
    if (response.headersSent) return response.destroy();
    response.writeHead(502, { 'Content-Type': 'text/plain; charset=utf-8' }).end(`${error.message}\n`);
  });
  pipeline(request, upstream, () => {});
}
