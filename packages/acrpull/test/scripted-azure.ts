import { createHttpHeaders, type PipelineResponse } from '@azure/core-rest-pipeline';
import type { Azure } from '../src/azure/azure.ts';
import { createAzureClock } from '../src/azure/azure-clock.ts';
import type { Http } from '../src/azure/http.ts';
import { createResourceManager } from '../src/azure/resource-manager.ts';
import { Unreachable } from '../src/azure/unreachable.ts';
import type { Clock } from '../src/clock.ts';
import { siteOf } from './snapshots.ts';

/** What a start writes to the log: milliseconds after it was asked for, and a line without its time stamp. */
export type Start = [afterMs: number, line: string][];

type Answer = { status: number; headers?: Record<string, string>; body?: string } | Error;

/** One site, its log, and how its Azure behaves. What is not scripted works. */
export interface Script {
  /** One for each restart; the last one repeats. */
  starts: Start[];
  /** Lines that were there before. */
  before?: [beforeMs: number, line: string][];
  /** Azure's clock less this machine's. */
  skewMs?: number;
  /** How the stream spoils a line: loses it, or brings it late by so many ms. */
  spoil?(line: string): 'lost' | number;
  /** How long a connection of the stream lasts. */
  streamLastsMs?: number;
  /** By the part after the host or the site's id, such as `logstream` or `restart`. Undefined: as it works. */
  answer?(call: string, nth: number): Answer | undefined;
  visit?(nth: number): Answer;
  machines?: { [name: string]: Start };
}

export interface ScriptedAzure {
  azure: Azure;
  /** What was called, in this order: `restart`, `stop`, `containerlogs`, … */
  calls: string[];
}

const { id, hostName, scmHostName } = siteOf();

export function createScriptedAzure(script: Script, clock: Clock): ScriptedAzure {
  const { skewMs = 0, spoil = () => 0, streamLastsMs = Number.POSITIVE_INFINITY } = script;
  const azureNow = () => clock.now() + skewMs;
  const stamped = (line: string, at: number) => `${new Date(at).toISOString()} ${line}`;
  const log = (script.before ?? []).map(([ms, line]) => stamped(line, azureNow() - ms));
  const machineLogs = new Map<string, string[]>();
  const readers = new Set<(line: string) => void>();
  const calls: string[] = [];
  let starts = 0;

  function start(): void {
    const lines = script.starts[Math.min(starts++, script.starts.length - 1)] ?? [];
    for (const [afterMs, line] of lines) write(line, afterMs, log, readers);
    for (const [name, lines] of Object.entries(script.machines ?? {})) {
      const file = machineLogs.get(name) ?? [];
      machineLogs.set(name, file);
      for (const [afterMs, line] of lines) write(line, afterMs, file, readers);
    }
  }

  function write(line: string, afterMs: number, file: string[], to: typeof readers): void {
    void clock.sleep(afterMs).then(() => {
      const text = stamped(line, azureNow());
      file.push(text);
      const spoiled = spoil(line);
      if (spoiled === 'lost') return;
      void clock.sleep(spoiled).then(() => {
        for (const reader of to) reader(text);
      });
    });
  }

  async function* stream(signal: AbortSignal): AsyncGenerator<string> {
    const until = clock.now() + streamLastsMs;
    const fresh: string[] = [];
    let wake = () => {};
    const reader = (line: string) => {
      fresh.push(line);
      wake();
    };
    readers.add(reader);
    signal.addEventListener('abort', () => wake());
    try {
      yield `${log.slice(-10).join('\n')}\n\nStarting Live Log Stream ---\n`;
      while (!signal.aborted && clock.now() < until) {
        const line = fresh.shift();
        if (line !== undefined) yield `${line}\n`;
        else {
          const woken = new Promise<void>((resolve) => {
            wake = resolve;
          });
          await (Number.isFinite(until) ? Promise.race([woken, clock.sleep(until - clock.now())]) : woken);
        }
      }
    } finally {
      readers.delete(reader);
    }
  }

  function respond(call: string, signal: AbortSignal | undefined): Partial<PipelineResponse> {
    const json = (value: unknown) => ({ status: 200, bodyAsText: JSON.stringify(value) });
    if (call === 'logstream') {
      return { status: 200, readableStreamBody: stream(signal!) as unknown as NodeJS.ReadableStream };
    }
    if (call === 'restart' || call === 'start') start();
    if (call === 'containerlogs') return { status: 200, bodyAsText: log.slice(-100).join('\n') };
    if (call === 'instances') {
      const names = Object.keys(script.machines ?? { one: [] });
      return json({ value: names.map((name) => ({ name, properties: { machineName: name } })) });
    }
    if (call === 'logs/docker') {
      const names = [...machineLogs.keys()];
      return json(names.map((name) => ({ machineName: name, href: `https://elsewhere/vfs/${name}` })));
    }
    if (call.startsWith('vfs/')) {
      return { status: 200, bodyAsText: (machineLogs.get(call.slice(4)) ?? []).join('\n') };
    }
    if (call === '') return json({ properties: { state: 'Running', usageState: 'Normal' } });
    return { status: 200 };
  }

  const made = (response: Partial<PipelineResponse>, headers: Record<string, string> = {}) =>
    ({ bodyAsText: '', ...response, headers: createHttpHeaders(headers) }) as PipelineResponse;
  const scripted = (answer: Answer | undefined) => {
    if (answer instanceof Error) throw answer;
    return answer && made({ status: answer.status, bodyAsText: answer.body ?? '' }, answer.headers);
  };

  const azureClock = createAzureClock(clock.now);
  const authenticated: Http = async (_, url, { signal } = {}) => {
    const { host, pathname } = new URL(url);
    const call = (
      host === scmHostName ? pathname.replace(/^\/(api\/)?/, '') : pathname.slice(id.length)
    ).replace(/^\//, '');
    calls.push(call);
    azureClock.observe(new Date(azureNow()).toUTCString());
    const answered = scripted(script.answer?.(call, calls.filter((it) => it === call).length));
    return answered ?? made(respond(call, signal));
  };
  let visits = 0;
  const azure: Azure = {
    credential: { getToken: async () => null },
    resourceManager: createResourceManager(authenticated),
    authenticated,
    graph: authenticated,
    anonymous: authenticated,
    visitor: async (_, url) => {
      if (new URL(url).host !== hostName) throw new Unreachable(url, '', { noSuchHost: true });
      return scripted(script.visit?.(++visits) ?? { status: 200, body: 'hello\n' })!;
    },
    now: azureClock.now,
  };
  return { azure, calls };
}
