import type { Failing } from './faults.ts';
import { duration, type Parameter } from './parameters.ts';
import type { Change, ChangePlace } from './places.ts';

/** The parameter of all faults that make changes late. */
export const delay = (usual: string): Parameter<number> => ({
  is: duration,
  default: usual,
  meaning: 'how long after it was made the change counts',
});

/** The effect of such a fault; none on a change that is older than the delay. */
export const lateBy =
  (ms: number) =>
  ({ madeOn }: Change, now: number): number | undefined =>
    madeOn + ms > now ? ms : undefined;

/** Whether a change does not count yet. */
export type Held = () => boolean;

/** Decides whether a change that is made now counts at once: undefined when it does. */
export function holdBack(
  { faults, clock }: Failing,
  place: ChangePlace,
  change: Omit<Change, 'madeOn'> & { madeOn?: number },
): Held | undefined {
  const { madeOn = clock.now() } = change;
  const struck = faults.strike(place, { ...change, madeOn });
  if (struck.length === 0) return undefined;
  return () => struck.some(({ effect, isSet }) => isSet() && clock.now() < madeOn + effect);
}
