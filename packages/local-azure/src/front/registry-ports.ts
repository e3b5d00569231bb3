import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { HttpHandler } from '../http-handler.ts';
import type { Database } from '../store/database.ts';
import { isLoopback } from './hosts.ts';

/** Where a registry answers over plain HTTP, on 127.0.0.1. */
export interface RegistryPort {
  loginServer: string;
  port: number;
  /** The port that it had until this start, when another program has taken it. */
  formerPort?: number;
}

/**
 * A port for each registry, for clients that trust loopback without TLS, as Docker does. A registry keeps its port from
 * one start to the next.
 */
export interface RegistryPorts {
  /** Opens the port of a registry that exists. What goes wrong is logged: the registry has its real name still. */
  open(loginServer: string): Promise<void>;
  /** Closes the port of a registry that is gone. */
  close(loginServer: string): Promise<void>;
  /** Those that are open. */
  list(): RegistryPort[];
  /** Lets running requests end for `graceMs`, then leaves no port open. */
  closeAll(graceMs?: number): Promise<void>;
}

export interface RegistryPortsOptions {
  db: Database;
  handlerOf(loginServer: string): HttpHandler;
  logError(message: string, error: unknown): void;
}

/** More are not held open for nothing: a registry beyond them gets a port when another is deleted. */
const maxPorts = 100;

/** Below those that systems give to outgoing connections: from 32768 on Linux, from 49152 elsewhere. */
const range = { first: 20_000, end: 30_000 };
const attempts = 20;

interface OpenPort {
  server: Server;
  /** The port, once it listens. */
  listening: Promise<number>;
  at?: RegistryPort;
}

export function createRegistryPorts({ db, handlerOf, logError }: RegistryPortsOptions): RegistryPorts {
  // The row goes with the registry: see the schema.
  const select = db.prepare('SELECT port FROM registry_ports WHERE login_server = ?');
  const save = db.prepare('INSERT OR REPLACE INTO registry_ports (login_server, port) VALUES (?, ?)');
  const ports = new Map<string, OpenPort>();
  const waiting = new Set<string>();

  async function open(loginServer: string): Promise<void> {
    if (ports.has(loginServer)) return;
    if (ports.size >= maxPorts) {
      waiting.add(loginServer);
      return;
    }
    const former = (select.get(loginServer) as { port: number } | undefined)?.port;
    // No limit on how long a request may take to arrive: images are uploaded through here.
    const server = createServer(
      { keepAliveTimeout: 75_000, requestTimeout: 0 },
      onLoopbackAlone(handlerOf(loginServer)),
    );
    const opening: OpenPort = { server, listening: listen(server, former) };
    const isGone = () => ports.get(loginServer) !== opening;
    ports.set(loginServer, opening);
    try {
      const port = await opening.listening;
      if (isGone()) return;
      if (port !== former) save.run(loginServer, port);
      const hasMoved = former !== undefined && port !== former;
      opening.at = { loginServer, port, ...(hasMoved ? { formerPort: former } : {}) };
    } catch (error) {
      if (!isGone()) ports.delete(loginServer);
      await closeServer(opening, 0);
      logError(`No port on loopback could be opened for ${loginServer}`, error);
    }
  }

  return {
    open,

    async close(loginServer) {
      waiting.delete(loginServer);
      const port = ports.get(loginServer);
      if (!port) return;
      ports.delete(loginServer);
      await closeServer(port, 0);
      const [next] = waiting;
      if (next === undefined) return;
      waiting.delete(next);
      await open(next);
    },

    list: () => [...ports.values()].flatMap(({ at }) => at ?? []),

    async closeAll(graceMs = 1000) {
      const closing = [...ports.values()].map((port) => closeServer(port, graceMs));
      ports.clear();
      waiting.clear();
      await Promise.all(closing);
    },
  };
}

/** Listens on the port that it had, or else on any that is free; says which. */
async function listen(server: Server, former: number | undefined): Promise<number> {
  const random = Array.from({ length: attempts }, () => randomInt(range.first, range.end));
  const candidates = former === undefined ? random : [former, ...random];
  for (const port of candidates) {
    server.listen(port, '127.0.0.1');
    try {
      await once(server, 'listening');
      return port;
    } catch (error) {
      // Windows forbids some ports, and says so by EACCES.
      if (!['EADDRINUSE', 'EACCES'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    }
  }
  throw new Error(`${candidates.length} ports were tried, and all are taken`);
}

/** Lets running requests end for `graceMs`, then ends their connections. */
async function closeServer({ server, listening }: OpenPort, graceMs: number): Promise<void> {
  const hasOpened = await listening.then(
    () => true,
    () => false,
  );
  if (!hasOpened) return;
  const closed = once(server, 'close');
  server.close();
  const timer = setTimeout(() => server.closeAllConnections(), graceMs);
  await closed;
  clearTimeout(timer);
}

/** Keeps out pages of the web whose name was made to resolve to loopback: their Host header has that name. */
const onLoopbackAlone =
  (handler: HttpHandler): HttpHandler =>
  (request, response) => {
    // What is left unread would hold up the connection's next request.
    response.once('finish', () => request.resume());
    if (isLoopback(request.headers.host)) return handler(request, response);
    response.writeHead(421, 'Misdirected Request', { 'Content-Type': 'text/plain; charset=utf-8' });
    response.end('This port answers for 127.0.0.1 and localhost only.\n');
  };
