import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An HTTP server on loopback, on a free port unless told which. */
export interface HttpServer {
  port: number;
  /** `http://127.0.0.1:<port>`. */
  origin: string;
  server: Server;
  /** Ends it with all its connections. */
  close(): Promise<void>;
}

export async function startHttpServer(handler: RequestListener, at = 0): Promise<HttpServer> {
  const server = createServer(handler).listen(at, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    port,
    origin: `http://127.0.0.1:${port}`,
    server,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
