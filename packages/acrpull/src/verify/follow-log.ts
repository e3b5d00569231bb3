import type { Azure } from '../azure/azure.ts';
import { readLogStream } from '../azure/log-stream.ts';
import { readContainerLog, readMachineLogs } from '../azure/platform-log.ts';
import { ResourceManagerError } from '../azure/resource-manager.ts';
import type { Clock } from '../clock.ts';
import { Failure } from '../failure.ts';
import type { SiteFacts } from '../pull-path/snapshot.ts';
import { readLogLine } from './log-lines.ts';
import { createTimeline, type Timeline } from './timeline.ts';

/** A site's log, followed in the background: by the stream, and by the log files whenever the reader wants them. */
export interface FollowedLog {
  timeline: Timeline;
  /** Resolves when the stream is live, or cannot be had for now. */
  opened: Promise<void>;
  /**
   * Reads the platform's log as it is now, of each machine for itself when so asked and possible. Never rejects. One
   * reading at a time: who comes meanwhile shares the next one.
   */
  read(byMachine: boolean): Promise<void>;
  /** Resolves when something new has come, or after `ms`. Rejects with the signal's reason. */
  news(ms: number): Promise<void>;
  /** What keeps each source from being read, at this moment. */
  trouble(): Record<Source, Failure | undefined>;
}

type Source = 'stream' | 'containerLog' | 'machineLogs';

/** Pauses before the stream is opened again, in seconds; the last one repeats. */
const pauses = [1, 2, 5, 10, 30];

export interface FollowOptions {
  clock: Clock;
  /** Ends it. */
  signal: AbortSignal;
}

/**
 * The stream is quick, and promises nothing: it loses lines, breaks off, and leaves out the platform's words where a
 * site writes no log file (KuduLite LogStreamManager.cs). The log files are complete. Together they are never read
 * twice: the timeline knows each line.
 */
export function followLog(azure: Azure, site: SiteFacts, { clock, signal }: FollowOptions): FollowedLog {
  const timeline = createTimeline();
  const trouble: Record<Source, Failure | undefined> = {
    stream: new Failure(`${site.scmHostName} has not opened its log stream yet`, {
      resource: site.scmHostName,
    }),
    containerLog: undefined,
    machineLogs: undefined,
  };
  let fresh = false;
  let wake = () => {};
  const tell = () => {
    fresh = true;
    wake();
  };
  let markOpened = () => {};
  const opened = new Promise<void>((resolve) => {
    markOpened = resolve;
  });

  async function stream(): Promise<void> {
    for (let failures = 0; !signal.aborted; failures++) {
      try {
        for await (const line of readLogStream(azure, site, signal)) {
          timeline.takeStreamed(line);
          const kind = readLogLine(line)?.kind;
          if (kind) tell();
          if (kind !== 'live') continue;
          failures = 0;
          trouble.stream = undefined;
          markOpened();
        }
      } catch (error) {
        trouble.stream = failureOf(error);
      }
      markOpened();
      // A closed door stays closed: basic authentication, access restrictions, rights.
      if (trouble.stream instanceof ResourceManagerError && trouble.stream.status < 500) return;
      await clock.sleep(pauses[Math.min(failures, pauses.length - 1)]! * 1000, signal);
    }
  }

  async function readFiles(byMachine: boolean): Promise<void> {
    if (byMachine) {
      const logs = await readFrom('machineLogs', () => readMachineLogs(azure, site));
      for (const { machineName, text } of logs ?? []) timeline.takeWritten(text, machineName);
      if (logs) return;
    }
    const text = await readFrom('containerLog', () => readContainerLog(azure, site));
    if (text) timeline.takeWritten(text);
  }

  async function readFrom<T>(source: Source, read: () => Promise<T>): Promise<T | undefined> {
    try {
      const result = await read();
      trouble[source] = undefined;
      return result;
    } catch (error) {
      trouble[source] = failureOf(error);
      return undefined;
    }
  }

  let bug: unknown;
  /** What nobody foresaw is no trouble of a source: whoever waits for news gets it. */
  function failureOf(error: unknown): Failure {
    if (error instanceof Failure) return error;
    if (!signal.aborted) bug ??= error;
    return new Failure(String(error), { cause: error });
  }

  let reading: Promise<void> | undefined;
  let nextReading: Promise<void> | undefined;
  function read(byMachine: boolean): Promise<void> {
    if (!reading) {
      reading = readFiles(byMachine).finally(() => {
        reading = undefined;
        tell();
      });
      return reading;
    }
    nextReading ??= reading.then(() => {
      nextReading = undefined;
      return read(byMachine);
    });
    return nextReading;
  }

  stream().catch(() => {}); // Aborted in a pause.

  return {
    timeline,
    opened,
    read,
    async news(ms) {
      const woken = new AbortController();
      const came = new Promise<void>((resolve) => {
        wake = resolve;
      });
      const over = clock.sleep(ms, AbortSignal.any([signal, woken.signal])).catch(() => {});
      if (!fresh) await Promise.race([came, over]);
      fresh = false;
      woken.abort();
      signal.throwIfAborted();
      if (bug) throw bug;
    },
    trouble: () => ({ ...trouble }),
  };
}
