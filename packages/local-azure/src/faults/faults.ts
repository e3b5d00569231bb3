import type { Clock } from '../clock.ts';
import { UserError } from '../user-error.ts';
import { type LimitName, limits } from './fault-kind.ts';
import { type ParsedFault, parseFault } from './parse-fault.ts';
import type { AnyPlace, Occasion, Place, Strike } from './places.ts';
import { seededRandom } from './random.ts';

/** A fault that is set, as its owner sees it. */
export interface FaultState {
  /** `1`, `2`, …: what `clear` names it by. */
  id: string;
  /** As `add` takes it. */
  fault: string;
  /** How often it has struck. */
  struck: number;
  state: 'waiting' | 'in force' | 'over';
}

/** What the owner of a local Azure can do with its faults. They are of the running instance, and end with it. */
export interface FaultControl {
  list(): FaultState[];
  /** Sets one, such as `registry-outage,registry=hoge,for=30s`. Throws `UserError` when it is written wrongly. */
  add(fault: string): FaultState;
  /** Takes one away, or all; what it holds back counts at once. Throws `UserError` when there is none of that id. */
  clear(id?: string): FaultState[];
}

export interface Faults extends FaultControl {
  /** Whether any fault is set that could strike at the place. */
  areAt(place: AnyPlace): boolean;
  /** What goes wrong at the place this time: those whose decision was to strike, in the order in which they were set. */
  strike<Of extends Occasion, Effect>(place: Place<Of, Effect>, occasion: Of): Struck<Effect>[];
}

/** What is needed to fail on demand. */
export interface Failing {
  faults: Faults;
  clock: Clock;
}

export interface Struck<Effect> {
  effect: Effect;
  /** Whether the fault has not been cleared since. */
  isSet(): boolean;
}

interface SetFault extends ParsedFault {
  id: string;
  from: number;
  until: number;
  random(): number;
  struck: number;
  strikes: Strike[];
}

/** The faults of one local Azure, at first those of `texts`. Throws `UserError` when one is written wrongly. */
export function createFaults(clock: Clock, texts: readonly string[] = []): Faults {
  let all: SetFault[] = [];
  /** By place, so that where there is none, that is all that is asked. */
  let strikesAt = new Map<AnyPlace, { fault: SetFault; strike: Strike }[]>();
  let lastId = 0;

  function replace(faults: SetFault[]): void {
    all = faults;
    strikesAt = new Map();
    for (const fault of all) {
      for (const strike of fault.strikes) {
        strikesAt.set(strike.place, [...(strikesAt.get(strike.place) ?? []), { fault, strike }]);
      }
    }
  }

  function add(text: string): FaultState {
    const parsed = parseFault(text);
    const from = clock.now() + parsed.in;
    lastId += 1;
    const fault: SetFault = {
      ...parsed,
      id: String(lastId),
      from,
      until: parsed.for === undefined ? Number.POSITIVE_INFINITY : from + parsed.for,
      random: seededRandom(parsed.seed),
      struck: 0,
      strikes: parsed.kind.strikes(parsed.values),
    };
    replace([...all, fault]);
    return describe(fault);
  }

  function stateOf({ from, until, struck, count = Number.POSITIVE_INFINITY }: SetFault): FaultState['state'] {
    const now = clock.now();
    if (now < from) return 'waiting';
    return now < until && struck < count ? 'in force' : 'over';
  }

  const describe = (fault: SetFault): FaultState => {
    const { id, text, struck } = fault;
    return { id, fault: text, struck, state: stateOf(fault) };
  };

  /** Draws a number for each decision, whatever it is, so that the next one is the same for the same seed. */
  function decide(fault: SetFault): boolean {
    if (fault.random() >= fault.probability) return false;
    fault.struck += 1;
    return true;
  }

  for (const text of texts) add(text);

  return {
    list: () => all.map(describe),
    add,
    clear(id) {
      const cleared = all.filter((fault) => id === undefined || fault.id === id);
      if (id !== undefined && cleared.length === 0)
        throw new UserError(`No fault has the id '${id}'.`, 'Those that are set: local-azure faults list');
      replace(all.filter((fault) => !cleared.includes(fault)));
      return cleared.map(describe);
    },
    areAt: (place) => strikesAt.has(place),
    strike: <Of extends Occasion, Effect>(place: Place<Of, Effect>, occasion: Of) =>
      (strikesAt.get(place) ?? []).flatMap(({ fault, strike }): Struck<Effect>[] => {
        if (stateOf(fault) !== 'in force' || !isMeant(fault, occasion)) return [];
        const effect = strike.effect(occasion as never, clock.now()) as Effect | undefined;
        return effect !== undefined && decide(fault) ? [{ effect, isSet: () => all.includes(fault) }] : [];
      }),
  };
}

/** Whether the occasion is within the limits of the fault. */
const isMeant = (fault: SetFault, occasion: Occasion): boolean =>
  Object.entries(fault.limits).every(
    ([limit, name]) => name === undefined || limits[limit as LimitName].matches(occasion, name),
  );
