import type { Clock } from '../clock.ts';
import type { SiteState } from './site.ts';

/** What the state machine needs to know of a running container. */
export interface Instance {
  /** Resolves when it has ended by itself or was stopped. */
  exited: Promise<unknown>;
  /** Whether a visitor is being served, however long that takes. */
  isBusy(): boolean;
  stop(): Promise<void>;
  /** Stops it when its visitors have gone. */
  retire(): Promise<void>;
}

export interface LifecycleOptions<Running extends Instance> {
  clock: Clock;
  /** One start. Rejects when it failed, or with the signal's reason; then nothing of it is left behind. */
  start(signal: AbortSignal): Promise<Running>;
  /** Told when a running instance ended without being asked. */
  onExit(running: Running, how: unknown): void;
  /** Told when nobody came for so long that the instance ends. */
  onIdle(): void;
  /** Told when too many attempts have failed, and how long there will be none. */
  onBlocked(ms: number): void;
  /** Whether it runs without visitors. Asked when an instance starts. */
  alwaysOn(): boolean;
}

/**
 * One site on its worker. One instance serves at a time, and the latest wish wins. What fails is tried again by
 * itself; what nobody visits ends, until somebody does.
 */
export interface Lifecycle<Running extends Instance> {
  state(): Exclude<SiteState, 'stopped'>;
  /** What visitors are led to at this moment. */
  serving(): Running | undefined;
  /**
   * Starts afresh, superseding a start that is under way. Overlapped, what runs serves until the new instance does.
   * Resolves when the start has ended, well or not.
   */
  restart(how: { overlapped: boolean }): Promise<void>;
  /** Ends all; a visitor would start it again. */
  stop(): Promise<void>;
  /**
   * For a visitor: starts an idle site, waits for a start under way, and gives the instance; undefined when the
   * start failed, and another will be made.
   */
  wake(): Promise<Running | undefined>;
  /** The same for who wants what a start under way brings, and not what it is to replace. */
  latest(): Promise<Running | undefined>;
  /** Gives the running instance away, if it is this one: the site is idle, and somebody else stops the instance. */
  release(instance: Running): boolean;
  /** Puts a running instance in the place of what is, in one step. Returns what served, which the caller then stops. */
  replace(instance: Running): Running | undefined;
}

type Phase<Running> =
  | { name: 'idle' }
  /** `serving` is what the start is to replace. */
  | { name: 'starting'; attempt: AbortController; ended: Promise<void>; serving: Running | undefined }
  | { name: 'running'; serving: Running; since: number }
  | { name: 'failed' }
  | { name: 'blocked' };

/** Source: MicrosoftDocs/azure-docs configure-common.md, "Always On" */
const idleAfterMs = 20 * 60_000;

/** How long a site rests after so many failures in a row. Our numbers: Azure's are not public. */
const pausesMs = [5_000, 10_000, 20_000, 40_000];
/**
 * After more failures it is "temporarily blocked from another attempt to reduce instance load". A restart ends that:
 * it is among the repairs. Source: Azure/AppService _posts/2026-06-01-sitestatus.md
 */
const blockedMs = 5 * 60_000;
/** Who has run so long does not crash in a loop. */
const steadyAfterMs = 60_000;

/** The pause after so many failures in a row; undefined when it is time to be blocked. */
const pauseAfter = (failures: number): number | undefined => pausesMs[failures - 1];

export function createLifecycle<Running extends Instance>(
  options: LifecycleOptions<Running>,
): Lifecycle<Running> {
  const { clock, start, onExit, onIdle, onBlocked, alwaysOn } = options;
  let phase: Phase<Running> = { name: 'idle' };
  let failures = 0;
  let lastVisitOn = clock.now();
  /** Resolves when nothing is left of what was ended. */
  let left = Promise.resolve();
  /** Instances that see their last visitors out. */
  const retiring = new Set<Running>();
  let pauses = new AbortController();

  function enter(next: Phase<Running>): void {
    pauses.abort();
    pauses = new AbortController();
    phase = next;
  }

  /** Unless another phase is entered before. */
  function after(ms: number, work: () => void): void {
    clock.sleep(ms, pauses.signal).then(work, () => {});
  }

  const serving = () => ('serving' in phase ? phase.serving : undefined);

  /** Ends a start that is under way, and with `all` what serves. Resolves when nothing of it is left. */
  function leave(all: boolean): Promise<void> {
    const ending: Promise<void>[] = [left];
    if (phase.name === 'starting') {
      phase.attempt.abort(new Error('superseded'));
      ending.push(phase.ended);
    }
    if (all) for (const one of [serving(), ...retiring]) if (one) ending.push(one.stop());
    left = Promise.allSettled(ending).then(() => {});
    return left;
  }

  function begin(overlapped: boolean): Promise<void> {
    const attempt = new AbortController();
    const before = leave(!overlapped);
    const kept = overlapped ? serving() : undefined;
    const ended = run(attempt.signal, before);
    enter({ name: 'starting', attempt, ended, serving: kept });
    return ended;
  }

  /** Never rejects. Changes the phase only while it is still its own. */
  async function run(signal: AbortSignal, before: Promise<void>): Promise<void> {
    try {
      await before;
      signal.throwIfAborted();
      const instance = await start(signal);
      if (signal.aborted) return await instance.stop();
      const old = serving();
      keep(instance);
      if (old) retire(old);
    } catch {
      if (!signal.aborted) fail();
    }
  }

  function keep(instance: Running): void {
    enter({ name: 'running', serving: instance, since: clock.now() });
    instance.exited.then((how) => {
      if (serving() !== instance) return;
      onExit(instance, how);
      if (phase.name === 'starting') phase.serving = undefined;
      if (phase.name !== 'running') return;
      if (clock.now() - phase.since >= steadyAfterMs) failures = 0;
      fail();
    });
    watchVisits();
  }

  function retire(instance: Running): void {
    retiring.add(instance);
    const forget = () => retiring.delete(instance);
    instance.retire().then(forget, forget);
  }

  /** What served until now ends too: "Failed to start site. Revert by stopping site.", says the newer worker's log. */
  function fail(): void {
    const old = serving();
    failures += 1;
    const pause = pauseAfter(failures);
    enter({ name: pause === undefined ? 'blocked' : 'failed' });
    if (old) retire(old);
    if (pause === undefined) onBlocked(blockedMs);
    after(pause ?? blockedMs, () => void begin(false));
    watchVisits();
  }

  /** One timer at a time, that fires once in twenty minutes. */
  function watchVisits(): void {
    if (alwaysOn()) return;
    after(lastVisitOn + idleAfterMs - clock.now(), () => {
      if (serving()?.isBusy()) lastVisitOn = clock.now();
      if (clock.now() - lastVisitOn < idleAfterMs) return watchVisits();
      onIdle();
      leave(true);
      enter({ name: 'idle' });
    });
  }

  async function startEnded(): Promise<void> {
    while (phase.name === 'starting') await phase.ended;
  }

  async function latest(): Promise<Running | undefined> {
    lastVisitOn = clock.now();
    if (phase.name === 'idle') begin(false);
    await startEnded();
    return serving();
  }

  return {
    state: () => (phase.name === 'starting' && phase.serving ? 'updating' : phase.name),
    serving,
    restart({ overlapped }) {
      failures = 0;
      lastVisitOn = clock.now();
      begin(overlapped);
      return startEnded();
    },
    async stop() {
      const gone = leave(true);
      enter({ name: 'idle' });
      failures = 0;
      await gone;
    },
    async wake() {
      lastVisitOn = clock.now();
      return serving() ?? latest();
    },
    latest,
    release(instance) {
      if (phase.name !== 'running' || phase.serving !== instance) return false;
      enter({ name: 'idle' });
      return true;
    },
    replace(instance) {
      const before = serving();
      leave(false);
      failures = 0;
      lastVisitOn = clock.now();
      keep(instance);
      return before;
    },
  };
}
