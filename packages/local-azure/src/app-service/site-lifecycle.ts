import type { Clock } from '../clock.ts';
import type { SiteState } from './site.ts';

/** What the state machine needs to know of a running container. */
export interface Instance {
  /** Resolves when it has ended by itself or was stopped. */
  exited: Promise<unknown>;
  stop(): Promise<void>;
}

export interface LifecycleOptions<Running extends Instance> {
  clock: Clock;
  /** One start. Rejects when it failed, or with the signal's reason; then nothing of it is left behind. */
  start(signal: AbortSignal): Promise<Running>;
  /** Told when a running instance ended without being asked. */
  onExit(running: Running, how: unknown): void;
}

/** One site on its worker: at most one instance at a time, and the latest wish wins. */
export interface Lifecycle<Running extends Instance> {
  state(): SiteState;
  /** Stops what runs and starts afresh, superseding a start that is under way. */
  restart(): void;
  stop(): Promise<void>;
  /**
   * For a visitor: starts a sleeping site, waits for a start under way, and gives the instance; undefined when the
   * start failed and its pause is not over.
   */
  wake(): Promise<Running | undefined>;
  /** Gives the running instance away, if it is this one: the site sleeps, and somebody else stops the instance. */
  release(instance: Running): boolean;
  /** Puts a running instance in the place of what is, in one step. Returns what ran, which the caller then stops. */
  replace(instance: Running): Running | undefined;
}

type Phase<Running> =
  | { name: 'stopped' }
  | { name: 'starting'; attempt: AbortController; ended: Promise<void> }
  | { name: 'running'; instance: Running }
  | { name: 'failed'; retryOn: number };

const firstPauseMs = 5_000;
const longestPauseMs = 5 * 60_000;

/** How long a site that failed so many times in a row rests before a visitor may start it again. */
export const pauseAfter = (failures: number) => Math.min(firstPauseMs * 2 ** (failures - 1), longestPauseMs);

export function createLifecycle<Running extends Instance>(
  options: LifecycleOptions<Running>,
): Lifecycle<Running> {
  const { clock, start, onExit } = options;
  let phase: Phase<Running> = { name: 'stopped' };
  let failures = 0;
  let left = Promise.resolve();

  /** Ends what is: resolves when nothing of it, and of what was before, is left. */
  function leave(): Promise<void> {
    const before = left;
    const current = end(phase);
    left = before.then(() => current).catch(() => {});
    return left;
  }

  function end(phase: Phase<Running>): Promise<void> {
    if (phase.name === 'starting') {
      phase.attempt.abort(new Error('superseded'));
      return phase.ended;
    }
    return phase.name === 'running' ? phase.instance.stop() : Promise.resolve();
  }

  function begin(): Promise<void> {
    const attempt = new AbortController();
    const before = leave();
    const ended = run(attempt.signal, before);
    phase = { name: 'starting', attempt, ended };
    return ended;
  }

  /** Never rejects. Changes the phase only while it is still its own. */
  async function run(signal: AbortSignal, before: Promise<void>): Promise<void> {
    try {
      await before;
      signal.throwIfAborted();
      const instance = await start(signal);
      if (signal.aborted) return await instance.stop();
      keep(instance);
    } catch {
      if (!signal.aborted) fail();
    }
  }

  function keep(instance: Running): void {
    phase = { name: 'running', instance };
    instance.exited.then((how) => {
      if (!runs(instance)) return;
      onExit(instance, how);
      fail();
    });
  }

  const runs = (instance: Running) => phase.name === 'running' && phase.instance === instance;

  function fail(): void {
    failures += 1;
    phase = { name: 'failed', retryOn: clock.now() + pauseAfter(failures) };
  }

  return {
    state: () => phase.name,
    restart() {
      failures = 0;
      begin();
    },
    async stop() {
      const gone = leave();
      phase = { name: 'stopped' };
      failures = 0;
      await gone;
    },
    async wake() {
      if (phase.name === 'stopped' || (phase.name === 'failed' && clock.now() >= phase.retryOn)) begin();
      while (phase.name === 'starting') await phase.ended;
      if (phase.name !== 'running') return undefined;
      failures = 0;
      return phase.instance;
    },
    release(instance) {
      if (!runs(instance)) return false;
      phase = { name: 'stopped' };
      return true;
    },
    replace(instance) {
      const before = phase.name === 'running' ? phase.instance : undefined;
      if (!before) leave();
      failures = 0;
      keep(instance);
      return before;
    },
  };
}
