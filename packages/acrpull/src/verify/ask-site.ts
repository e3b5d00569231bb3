import type { Azure } from '../azure/azure.ts';
import type { Clock } from '../clock.ts';
import type { Outcome } from './outcome.ts';
import { visit } from './visit.ts';

/** How long front ends may take to lead visitors to a container that is ready, and the pause between two visits. */
const patienceMs = 30_000;
const pauseMs = 1_000;

export interface AskOptions {
  /** Of the image that was pulled, for the outcome. */
  digest: string | null;
  /** By the clock. */
  deadline: number;
  clock: Clock;
  signal: AbortSignal;
}

/** Asks a site whose container is ready, as a visitor would. */
export async function askSite(azure: Azure, hostName: string, options: AskOptions): Promise<Outcome> {
  const { digest, deadline, clock, signal } = options;
  const until = Math.min(deadline, clock.now() + patienceMs);
  for (;;) {
    const timeoutMs = Math.max(deadline - clock.now(), pauseMs);
    const answer = await visit(azure, hostName, { timeoutMs, signal });
    if (answer.kind === 'shut') {
      return { kind: 'serving', digest, status: answer.status, firstLine: '', shut: answer.reason };
    }
    if (answer.kind === 'answered') {
      const { status, firstLine } = answer;
      return status >= 500
        ? { kind: 'not-answering', digest, reason: `HTTP ${status}` }
        : { kind: 'serving', digest, status, firstLine, shut: null };
    }
    if (clock.now() + pauseMs >= until) return { kind: 'not-answering', digest, reason: answer.reason };
    await clock.sleep(pauseMs, signal);
  }
}
