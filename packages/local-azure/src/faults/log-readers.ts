import type { Failing } from './faults.ts';
import { logLines } from './places.ts';
import { siteOf } from './resource-names.ts';

/** A log that can be followed. */
interface Followed {
  subscribe(reader: (text: string) => void): () => void;
}

/** A site's log as the readers of its stream see it: lines can be lost on the way to them, or come late. */
export function readOverFaults<Of extends Followed>(log: Of, siteId: string, { faults, clock }: Failing): Of {
  const site = siteOf(siteId);
  return {
    ...log,
    subscribe(reader: (text: string) => void) {
      const gone = new AbortController();
      const unsubscribe = log.subscribe((text) => {
        if (!faults.areAt(logLines)) return reader(text);
        const effects = faults.strike(logLines, site ? { sites: [site] } : {}).map(({ effect }) => effect);
        if (effects.some(({ kind }) => kind === 'lose')) return;
        const ms = effects.reduce((sum, effect) => sum + (effect.kind === 'wait' ? effect.ms : 0), 0);
        if (ms === 0) return reader(text);
        clock.sleep(ms, gone.signal).then(
          () => reader(text),
          () => {},
        );
      });
      return () => {
        gone.abort();
        unsubscribe();
      };
    },
  };
}
