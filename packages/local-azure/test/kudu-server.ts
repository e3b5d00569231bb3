import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { type IncomingMessage, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createKudu } from '../src/app-service/kudu/kudu.ts';
import { openSiteLog } from '../src/app-service/log/site-log.ts';
import { workerLogs } from '../src/app-service/log/worker-logs.ts';
import type { SiteSpec } from '../src/app-service/site.ts';
import { startHttpServer } from './http-server.ts';
import { createManualClock } from './manual-clock.ts';

export const scmHost = 'hoge-app.scm.azurewebsites.net';
const id = '/subscriptions/s/resourceGroups/blog/providers/Microsoft.Web/sites/hoge-app';

export type KuduServer = Awaited<ReturnType<typeof startKuduServer>>;

/** Kudu of one site with a log of its own, open to everybody. */
export async function startKuduServer() {
  const folder = await mkdtemp(join(tmpdir(), 'kudu-'));
  const clock = createManualClock();
  const log = openSiteLog({ dir: join(folder, 'LogFiles'), clock, worker: workerLogs.old });
  log.configure({ enabled: true, retentionInMb: 100, retentionInDays: 0 });
  const appSettings: Record<string, string> = {};
  const restarted: string[] = [];
  const stopping = new AbortController();
  let readers = 0;

  const kudu = createKudu({
    sites: {
      spec: () => ({ appSettings }) as SiteSpec,
      byHost: (host) => (host === scmHost ? id : undefined),
      all: () => [id],
      hostLabels: () => ['hoge-app'],
      publishing: () => undefined,
    },
    logOf: () => ({
      ...log,
      subscribe(reader) {
        const unsubscribe = log.subscribe(reader);
        readers += 1;
        return () => {
          readers -= 1;
          unsubscribe();
        };
      },
    }),
    check: async () => 'allowed',
    restart: (siteId) => restarted.push(siteId),
    clock,
    logError: (message, error) => {
      throw new Error(message, { cause: error });
    },
    signal: stopping.signal,
  });
  const server = await startHttpServer(kudu);

  return {
    log,
    logFolder: join(folder, 'LogFiles'),
    clock,
    appSettings,
    /** Sites that were restarted since the start. */
    restarted,
    /** How many follow the log at this moment. */
    readers: () => readers,
    /** As when the worker closes. */
    end: () => stopping.abort(),
    /** Sends the path as it is: a URL would be made normal. */
    async ask(
      path: string,
      {
        method = 'GET',
        headers = {},
        body,
      }: { method?: string; headers?: Record<string, string>; body?: Buffer } = {},
    ): Promise<IncomingMessage> {
      const { port } = server;
      const outgoing = request({ port, path, method, headers: { host: scmHost, ...headers } });
      outgoing.on('error', () => {});
      outgoing.end(body);
      const [response] = await once(outgoing, 'response');
      return response;
    },
    async close() {
      await server.close();
      log.close();
      await rm(folder, { recursive: true });
    },
  };
}
