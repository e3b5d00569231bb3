import type { Clock } from '../src/clock.ts';
import { createEntra } from '../src/entra/create-entra.ts';
import { createDirectory } from '../src/entra/directory/directory.ts';
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
  putSigningKey(db, 'entra', clock.now());
  const tenant = await openTenant(db, clock);
  const application = tenant.entra.principals.createApplication('owner');
  return {
    ...tenant,
    application,
    clock,
    db,
    /** As after a restart. */
    async reopen() {
      await this.close();
      Object.assign(this, await openTenant(db, clock));
    },
  };
}

async function openTenant(db: Database, clock: Clock) {
  const faults: string[] = [];
  const entra = await createEntra({
    db,
    clock,
    agentFor: () => false,
    signInOrigin: () => 'http://login.localhost:4280',
    logError: (message, error) => faults.push(describeFault(message, error)),
  });
  const servers = {
    login: await startHttpServer(entra.login),
    graph: await startHttpServer(entra.graph),
  };
  return {
    entra,
    /** What Graph changes, and the sign-in host reads. */
    directory: createDirectory(db, clock),
    /** What was logged. */
    faults,
    port: servers.login.port,
    /** Asks one of the hosts over the wire. */
    async ask(host: keyof typeof servers, path: string, init?: RequestInit) {
      const response = await fetch(`${servers[host].origin}${path}`, init);
      const text = await response.text();
      const isJson = response.headers.get('content-type')?.startsWith('application/json');
      // biome-ignore lint/suspicious/noExplicitAny: answers are judged by the tests
      const body: any = isJson ? JSON.parse(text) : text;
      return { status: response.status, headers: response.headers, body };
    },
    /** Posts a form to the sign-in host. */
    post(path: string, fields: Record<string, string>) {
      return this.ask('login', path, { method: 'POST', body: new URLSearchParams(fields) });
    },
    async close() {
      for (const server of Object.values(servers)) await server.close();
    },
  };
}
