import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import {
  type ContainerExit,
  type ContainerSpec,
  type Engine,
  EngineError,
} from '../src/app-service/engines/engine.ts';
import { type HttpServer, startHttpServer } from './http-server.ts';

/** Runs "containers" that are HTTP servers in this process. `FAIL` in a container's environment makes one fail. */
export interface InProcessEngine extends Engine {
  ran: ContainerSpec[];
  /** Names of the containers that were stopped. */
  stopped: string[];
  /** Ends the newest container as an engine's own death does. */
  crash(): Promise<void>;
  /** What answers inside the containers. */
  servers: HttpServer[];
  answer(request: IncomingMessage, container: ContainerSpec): string;
  /** Of every answer. */
  headers: OutgoingHttpHeaders;
  /** Answer with the request's own body, as it comes. */
  echo: boolean;
}

export function createInProcessEngine(): InProcessEngine {
  const engine: InProcessEngine = {
    name: 'linux',
    ran: [],
    stopped: [],
    servers: [],
    crash: async () => {},
    answer: () => 'hello',
    headers: {},
    echo: false,
    run,
    sweep: async () => {},
    async close() {
      for (const server of engine.servers.splice(0)) if (server.server.listening) await server.close();
    },
  };
  return engine;

  async function run(spec: ContainerSpec) {
    engine.ran.push(spec);
    if (spec.env.FAIL === 'engine') throw new EngineError('no namespaces here');
    const server = await startHttpServer((incoming, response) => {
      if (engine.echo) incoming.pipe(response);
      else response.writeHead(200, engine.headers).end(engine.answer(incoming, spec));
    });
    server.server.on('upgrade', (incoming, socket) => {
      socket.write(`HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n`);
      socket.write(`${incoming.headers['x-forwarded-proto']} `);
      socket.pipe(socket);
    });
    engine.servers.push(server);
    spec.onOutput('stdout', 'listening');
    let exit = (_: ContainerExit) => {};
    const exited = new Promise<ContainerExit>((resolve) => {
      exit = resolve;
    });
    engine.crash = async () => {
      await server.close();
      exit({ code: null, signal: null });
    };
    if (spec.env.FAIL === 'exit') {
      await server.close();
      exit({ code: 1, signal: null });
    }
    return {
      id: spec.name,
      shortfalls: [],
      address: { host: '127.0.0.1', port: server.port },
      exited,
      async stop() {
        engine.stopped.push(spec.name);
        if (server.server.listening) await server.close();
        exit({ code: null, signal: 'SIGTERM' });
      },
    };
  }
}
