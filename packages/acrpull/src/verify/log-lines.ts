/**
 * What one line of the platform's log says, in the older worker's wording (docker daemon) or the newer one's (site
 * status). Lines that say nothing about a pull or a start are undefined.
 */
export type LogEvent =
  | { kind: 'live' }
  /** From Docker Hub, as the log says whatever the registry is: maybe the second try of the same pull. */
  | { kind: 'pull-started'; image: string; maybeAgain?: true }
  | { kind: 'digest'; digest: string }
  | { kind: 'pulled' }
  | ({ kind: 'pull-error' } & Refusal)
  /** Of the newer worker: the reason follows, at the latest when the site has stopped. */
  | { kind: 'pull-given-up'; text: string }
  /** No attempt is left. The newer worker says why. */
  | { kind: 'pull-failed'; error?: Refusal }
  | { kind: 'starting' }
  | { kind: 'waiting' }
  | { kind: 'ready' }
  | { kind: 'not-started'; text: string }
  | { kind: 'stopped'; text: string }
  | { kind: 'site-stopped' };

export interface Refusal {
  cause: PullCause;
  text: string;
}

/** Why the pull failed, as far as the line's own words prove it. */
export type PullCause =
  | 'unauthorized'
  | 'manifest-unknown'
  | 'no-such-host'
  | 'unreachable'
  | 'registry-fault'
  | 'throttled'
  | 'firewall'
  | 'invalid-reference'
  | 'interrupted'
  | 'network'
  | 'other';

type Reader = (match: RegExpExecArray, text: string) => LogEvent | undefined;
const event =
  (value: LogEvent): Reader =>
  () =>
    value;
const nothing: Reader = () => undefined;
const stopped: Reader = (_, text) => ({ kind: 'stopped', text });
const pullError: Reader = ([, text = '']) => ({ kind: 'pull-error', ...refusal(text) });

const refusal = (text: string): Refusal => ({ cause: causeOf(text), text });

/** Of the stream itself, and of both generations of workers. Sources: KuduLite; pull-failures catalogue, section 1. */
const shared: [RegExp, Reader][] = [
  [/Starting Live Log Stream/, event({ kind: 'live' })],
  // Kudu's own container is told of in the same log.
  [
    /Pulling image( from Docker hub)?: (?!\S*appsvc\/kudulite)(\S+?)\.?$/,
    ([, again, image = '']) => ({ kind: 'pull-started', image, ...(again && { maybeAgain: true }) }),
  ],
  [/Container pull image interrupted/, (_, text) => ({ kind: 'pull-error', cause: 'interrupted', text })],
  [/not started: (.*)/, ([, text = '']) => ({ kind: 'not-started', text })],
];

/** Catalogue, section 1b. */
const oldWorker: [RegExp, Reader][] = [
  [/Digest: (sha256:[0-9a-f]{64})/, ([, digest = '']) => ({ kind: 'digest', digest })],
  [/Pull Image successful/, event({ kind: 'pulled' })],
  [/DockerApiException: (.*)/, pullError],
  // Through a virtual network. Source: microsoft/PubSec-Info-Assistant issue 900
  [/Image pull for \S+ failed\. (?!Unexpected)(.+)/, pullError],
  // The same, for whatever reason. The spelling is the platform's: catalogue, section 1c.
  [
    /Image pull for \S+ failed\. Unexpected|Pulling docker image \S+ over VNET failed/,
    (_, text) => ({ kind: 'pull-error', cause: 'network', text }),
  ],
  [/Image pull failed: /, event({ kind: 'pull-failed' })],
  [/Starting container for site/, event({ kind: 'starting' })],
  [/Waiting for response to warmup request|Initiating warmup request/, event({ kind: 'waiting' })],
  [/initialized successfully and is ready to serve requests/, event({ kind: 'ready' })],
  [/has exited, failing site start/, stopped],
  [/didn't respond to HTTP pings on port/, stopped],
  [/did not start within expected time limit/, stopped],
];

/** Catalogue, section 1a, and logs that users show, such as in Azure/webapps-deploy issue 455. */
const newWorker: [RegExp, Reader][] = [
  [/^Image \S+ is pulled from registry /, event({ kind: 'pulled' })],
  [/^Container pull image failed with reason/, (_, text) => ({ kind: 'pull-given-up', text })],
  [
    /^State: Stop.* LastError: ImagePull\w*,.* LastErrorDetails: (.*?)(?:, Details: .*)?$/,
    ([, text = '']) => ({ kind: 'pull-failed', error: refusal(text) }),
  ],
  // A state repeats the last error also while a later start goes well.
  [/^State: /, nothing],
  [/^(Failed to pull image: .*)/, pullError],
  [/^Container is starting\.$/, event({ kind: 'starting' })],
  [/^Container is running\.$/, event({ kind: 'waiting' })],
  [/^Site startup probe succeeded/, event({ kind: 'ready' })],
  // Such as VolumeMountFailure, which is no matter of the image: catalogue, F7.
  [/^Container start up failed with reason/, stopped],
  [/^Site startup probe failed|^Container has finished running|terminated during site startup/, stopped],
  [/^Site: \S+ stopped\.$/, event({ kind: 'site-stopped' })],
];

/** The first pattern that matches decides. */
const patterns = [...shared, ...oldWorker, ...newWorker];

// `2023-02-28T10:00:00.123Z INFO  - `; years ago with a space between date and time, which is UTC all the same.
const stamp = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d(?:\.\d{1,3})?)\d*Z?\s+/;
const prefix = new RegExp(`${stamp.source}(?:[A-Z]+\\s*-\\s*)?`);

/** When a line was written, by its own time stamp: milliseconds since the Unix epoch. */
export function timeOf(line: string): number | undefined {
  const [, date, time] = stamp.exec(line) ?? [];
  const at = Date.parse(`${date}T${time}Z`);
  return Number.isNaN(at) ? undefined : at;
}

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
  [/toomanyrequests|too many requests/i, 'throttled'],
  [/client with IP|aka\.ms\/acr\/firewall|"denied"/, 'firewall'],
  [/unauthorized|authentication required|forbidden/i, 'unauthorized'],
  [/unexpected HTTP status|unexpected EOF|digest/i, 'registry-fault'],
  [/timeout|Client\.Timeout|connection refused|EOF|connection reset/i, 'unreachable'],
];

export const causeOf = (text: string): PullCause =>
  causes.find(([pattern]) => pattern.test(text))?.[1] ?? 'other';
