/**
 * What one line of the platform's log says, in the older worker's wording (docker daemon) or the newer one's (site
 * status). Lines that say nothing about a pull or a start are undefined.
 */
export type LogEvent =
  | { kind: 'live' }
  | { kind: 'pull-started'; image: string }
  | { kind: 'digest'; digest: string }
  | { kind: 'pulled' }
  | { kind: 'pull-error'; cause: PullCause; text: string }
  | { kind: 'pull-failed' }
  | { kind: 'starting' }
  | { kind: 'waiting' }
  | { kind: 'ready' }
  | { kind: 'not-started'; text: string }
  | { kind: 'stopped'; text: string };

/** Why the pull failed, as far as the line's own words prove it. */
export type PullCause =
  | 'unauthorized'
  | 'manifest-unknown'
  | 'no-such-host'
  | 'unreachable'
  | 'registry-fault'
  | 'firewall'
  | 'invalid-reference'
  | 'interrupted'
  | 'other';

type Reader = (match: RegExpExecArray, text: string) => LogEvent;
const event =
  (value: LogEvent): Reader =>
  () =>
    value;
const stopped: Reader = (_, text) => ({ kind: 'stopped', text });

// The first pattern that matches decides. Sources: pull-failures catalogue section 1; KuduLite for the stream's own lines.
const patterns: [RegExp, Reader][] = [
  [/Starting Live Log Stream/, event({ kind: 'live' })],
  [/Pulling image(?: from Docker hub)?: (\S+)/, ([, image = '']) => ({ kind: 'pull-started', image })],
  [/Digest: (sha256:[0-9a-f]{64})/, ([, digest = '']) => ({ kind: 'digest', digest })],
  [/Pull Image successful/, event({ kind: 'pulled' })],
  [/DockerApiException: (.*)/, ([, text = '']) => ({ kind: 'pull-error', cause: causeOf(text), text })],
  [
    /LastError: ImagePull\w+, LastErrorDetails: (.*)/,
    ([, text = '']) => ({ kind: 'pull-error', cause: causeOf(text), text }),
  ],
  [/Container pull image interrupted/, (_, text) => ({ kind: 'pull-error', cause: 'interrupted', text })],
  [/Image pull failed: |Container pull image failed with reason/, event({ kind: 'pull-failed' })],
  [/not started: (.*)/, ([, text = '']) => ({ kind: 'not-started', text })],
  [/Starting container for site/, event({ kind: 'starting' })],
  [/Waiting for response to warmup request|Initiating warmup request/, event({ kind: 'waiting' })],
  [/initialized successfully and is ready to serve requests/, event({ kind: 'ready' })],
  [/has exited, failing site start/, stopped],
  [/didn't respond to HTTP pings on port/, stopped],
  [/did not start within expected time limit/, stopped],
  [/Site startup probe failed|terminated during site startup/, stopped],
];

// `2023-02-28T10:00:00.123Z INFO  - `
const prefix = /^\d{4}-\d\d-\d\dT[\d:.]+Z?\s+(?:[A-Z]+\s*-\s*)?/;

export function readLogLine(line: string): LogEvent | undefined {
  const text = line.replace(prefix, '').trim();
  for (const [pattern, reader] of patterns) {
    const match = pattern.exec(text);
    if (match) return reader(match, text);
  }
  return undefined;
}

/** Order matters: a message may hold a general word beside the telling one. */
const causes: [RegExp, PullCause][] = [
  [/invalid reference format/, 'invalid-reference'],
  [/manifest unknown|repository does not exist|NAME_UNKNOWN|name unknown/i, 'manifest-unknown'],
  [/no such host|name resolution/, 'no-such-host'],
  [/client with IP|aka\.ms\/acr\/firewall|"denied"/, 'firewall'],
  [/unauthorized|authentication required|forbidden/i, 'unauthorized'],
  [/unexpected HTTP status|unexpected EOF|digest/i, 'registry-fault'],
  [/timeout|Client\.Timeout|connection refused|EOF|connection reset/i, 'unreachable'],
];

export const causeOf = (text: string): PullCause =>
  causes.find(([pattern]) => pattern.test(text))?.[1] ?? 'other';
