import type { Azure } from '../azure/azure.ts';
import { Unreachable } from '../azure/unreachable.ts';

/** What a visitor of a site meets. */
export type Answer =
  | { kind: 'answered'; status: number; firstLine: string }
  /** Visitors from here are not let in; that says nothing about the container. */
  | { kind: 'shut'; status: number | null; reason: string }
  /** No container answers, for now. */
  | { kind: 'silent'; reason: string };

interface Response {
  status: number;
  headers: { get(name: string): string | undefined };
  bodyAsText?: string | null | undefined;
}

/**
 * Tells the container's answer from what the platform's front end says in its place. A redirect and a 401 are answers:
 * somebody asks for a sign-in, be it the app or Easy Auth in front of it.
 */
export function readAnswer({ status, headers, bodyAsText }: Response): Answer {
  const body = bodyAsText ?? '';
  // Access restrictions, and public access that is off. No page of Microsoft's names the header; scanners and
  // run-books on GitHub do, with `403 Ip Forbidden` beside it.
  const forbidden = status === 403 ? headers.get('x-ms-forbidden-ip') : undefined;
  if (forbidden !== undefined)
    return { kind: 'shut', status, reason: `HTTP 403, access is closed to ${forbidden}` };
  if (status === 403 && /this web app is stopped/i.test(body)) {
    return { kind: 'silent', reason: 'HTTP 403, the site is stopped' };
  }
  if (status >= 502 && status <= 504) return { kind: 'silent', reason: `HTTP ${status}` };
  return { kind: 'answered', status, firstLine: firstLine(body) };
}

/** One visit. Rejects with the signal's reason only. */
export async function visit(
  { visitor }: Pick<Azure, 'visitor'>,
  hostName: string,
  options: { timeoutMs: number; signal: AbortSignal },
): Promise<Answer> {
  try {
    return readAnswer(await visitor('GET', `https://${hostName}/`, options));
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
    // Of a site with a private endpoint only, the name resolves in its network alone.
    return error.noSuchHost
      ? { kind: 'shut', status: null, reason: error.message }
      : { kind: 'silent', reason: error.message };
  }
}

const firstLine = (text: string) =>
  (text.split(/\r?\n/).find((line) => line.trim() !== '') ?? '').trim().slice(0, 200);
