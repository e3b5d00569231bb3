import type { Clock } from '../../clock.ts';
import { lastLines, type SiteLog } from '../log/site-log.ts';
import type { SiteDirectory } from '../site.ts';
import type { KuduRequest, KuduRoute } from './route.ts';

/** A reader that takes longer than this to read loses lines, and is told so; nobody waits for it. */
const maxUnreadBytes = 1024 * 1024;
const tailLines = 10;
const idleEveryMs = 60_000;
/** Source: projectkudu/kudu wiki, Configurable settings, SCM_LOGSTREAM_TIMEOUT */
const defaultTimeoutSeconds = 7200;

export interface LogStreamOptions {
  sites: SiteDirectory;
  clock: Clock;
  signal: AbortSignal;
}

/** A path below, such as `/application`, changes nothing on Linux: KuduLite does not look at it. */
export const logStreamRoute = (options: LogStreamOptions): KuduRoute => ({
  path: /^\/(?:api\/)?logstream(?:\/.*)?$/i,
  handle(kudu) {
    if (kudu.request.method === 'GET') return streamLog(kudu, options);
    kudu.response.writeHead(400).end();
  },
});

/**
 * The last lines of each log, then whatever is written from now on.
 * Wording: Azure-App-Service/KuduLite Kudu.Services/Diagnostics/LogStreamManager.cs
 */
async function streamLog(
  { request, response, siteId, log }: KuduRequest,
  { sites, clock, signal }: LogStreamOptions,
): Promise<void> {
  const [, query] = (request.url ?? '').split('?');
  const filter = new URLSearchParams(query).get('filter')?.toLowerCase();
  const stamp = () => new Date(clock.now()).toISOString().slice(0, 19);
  let skipped = 0;
  let lastTrace = clock.now();

  const send = (text: string) => {
    if (response.writableLength > maxUnreadBytes) {
      skipped += 1;
      return;
    }
    if (skipped > 0) response.write(`${stamp()}  ${skipped} line(s) were skipped: the reader is too slow.\n`);
    skipped = 0;
    response.write(text);
  };

  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  send(`${stamp()}  Welcome, you are now connected to log-streaming service.\n`);
  send(`\nStarting Log Tail -n ${tailLines} of existing logs ----\n`);
  for (const { title, lines } of tails(log, request.headers.host)) send(`\n${title}\n${lines.join('')}\n`);
  send('\nEnding Log Tail of existing logs ---\n\nStarting Live Log Stream ---\n');

  const unsubscribe = log.subscribe((text) => {
    if (filter && !text.toLowerCase().includes(filter)) return;
    lastTrace = clock.now();
    send(text);
  });
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  const ended = AbortSignal.any([gone.signal, signal]);
  const startedOn = clock.now();
  const timeoutSeconds = Number(sites.spec(siteId)?.appSettings.SCM_LOGSTREAM_TIMEOUT);
  const timeoutMs = (timeoutSeconds || defaultTimeoutSeconds) * 1000;
  try {
    for (;;) {
      await clock.sleep(Math.min(idleEveryMs, timeoutMs), ended);
      const now = clock.now();
      if (now - startedOn >= timeoutMs) {
        send(`${stamp()}  Stream terminated due to timeout ${Math.floor(timeoutMs / 60_000)} min(s).\n`);
        break;
      }
      const quiet = Math.floor((now - lastTrace) / 60_000);
      if (quiet > 0) send(`${stamp()}  No new trace in the past ${quiet} min(s).\n`);
    }
  } catch {
    // The reader has gone, or the worker is closing.
  } finally {
    unsubscribe();
    response.end();
  }
}

/** Output that goes to no file is shown from where the platform has it: beside the files, gone with the worker. */
function tails(log: SiteLog, host: string | undefined): { title: string; lines: readonly string[] }[] {
  const files = log.files().map(({ name, path }) => ({
    title: `/home/LogFiles/${name}  (https://${host}/api/vfs/LogFiles/${name})`,
    lines: lastLines(path, tailLines).map((line) => `${line}\n`),
  }));
  const lines = log.volatileOutput();
  return lines.length === 0
    ? files
    : [...files, { title: '/appsvctmp/volatile/logs/runtime/container.log', lines }];
}
