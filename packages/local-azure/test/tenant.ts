import type { Clock } from '../src/clock.ts';
import { createEntra } from '../src/entra/create-entra.ts';
import { describeFault } from '../src/log-fault.ts';
import { type Database, openDatabase } from '../src/store/database.ts';
import { startHttpServer } from './http-server.ts';
import { createManualClock } from './manual-clock.ts';
import { putSigningKey } from './signing-key.ts';

/** Entra ID with one application that may sign in, each of its hosts on a port of its own. */
export type Tenant = Awaited<ReturnType<typeof openTenant>>;

export async function startTenant() {
  const clock = createManualClock();
  const db = openDatabase(':memory:');
  putSigningKey(db, 'entra');
  const tenant = await openTenant(db, clock);
  const application = tenant.entra.principals.createApplication('owner');
  return { ...tenant, application, clock, db };
}

/** The tenant that a database holds, as after a restart. */
export async function openTenant(db: Database, clock: Clock) {
  const faults: string[] = [];
  const entra = await createEntra({
    db,
    clock,
    logError: (message, error) => faults.push(describeFault(message, error)),
  });
  const servers = {
    login: await startHttpServer(entra.login),
    graph: await startHttpServer(entra.graph),
  };
  return {
    entra,
    /** What was logged. */
    faults,
    port: servers.login.port,
    /** Asks one of the hosts over the wire. */
    async ask(host: keyof typeof servers, path: string, init?: RequestInit) {
      const response = await fetch(`${servers[host].origin}${path}`, init);
      // biome-ignore lint/suspicious/noExplicitAny: answers are judged by the tests
      return { status: response.status, headers: response.headers, body: (await response.json()) as any };
    },
    async close() {
      for (const server of Object.values(servers)) await server.close();
    },
  };
}
