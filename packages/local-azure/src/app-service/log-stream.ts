import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../clock.ts';
import { lastLines, type SiteLog } from './site-log.ts';

/** A reader that takes longer than this to read loses lines, and is told so; nobody waits for it. */
const maxUnreadBytes = 1024 * 1024;
const tailLines = 10;
const idleEveryMs = 60_000;
/** Source: projectkudu/kudu wiki, Configurable settings, SCM_LOGSTREAM_TIMEOUT */
const defaultTimeoutSeconds = 7200;

export interface LogStreamOptions {
  log: SiteLog;
  scmHost: string;
  clock: Clock;
  settings: Record<string, string>;
  signal: AbortSignal;
}

/**
 * Kudu's log stream: the last lines of each log file, then whatever is written from now on.
 * Wording: Azure-App-Service/KuduLite Kudu.Services/Diagnostics/LogStreamManager.cs
 */
export async function streamLog(
  request: IncomingMessage,
  response: ServerResponse,
  options: LogStreamOptions,
) {
  const { log, scmHost, clock, settings, signal } = options;
  const filter = new URL(request.url ?? '/', 'http://scm').searchParams.get('filter')?.toLowerCase();
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
  for (const { name, path } of log.files()) {
    const lines = lastLines(path, tailLines).map((line) => `${line}\n`);
    send(`\n/home/LogFiles/${name}  (https://${scmHost}/api/vfs/LogFiles/${name})\n${lines.join('')}\n`);
  }
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
  const timeoutMs = (Number(settings.SCM_LOGSTREAM_TIMEOUT) || defaultTimeoutSeconds) * 1000;
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
