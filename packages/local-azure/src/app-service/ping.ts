import { request } from 'node:http';
import type { Container } from './engines/engine.ts';

export interface Ping {
  path: string;
  userAgent: string;
  timeoutMs: number;
  signal: AbortSignal;
}

/** Asks a container for a page, from inside: the status of its answer; undefined when there was none. */
export function ping(container: Container, { path, userAgent, timeoutMs, signal }: Ping) {
  return new Promise<number | undefined>((resolve) => {
    const headers = { 'user-agent': userAgent, host: 'localhost' };
    const outgoing = request({ ...container.address, path, headers, signal, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    outgoing.setTimeout(timeoutMs, () => outgoing.destroy());
    outgoing.on('error', () => resolve(undefined));
    outgoing.end();
  });
}
