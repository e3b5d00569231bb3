import { z } from 'zod';
import {
  duration,
  type Parameter,
  type Parameters,
  positive,
  share,
  type ValuesOf,
  wholeNumber,
} from './parameters.ts';
import type { Occasion, Strike } from './places.ts';

/** One way in which Azure fails, as data: one file in `kinds/` for each. */
export interface FaultKind {
  /** What people type: `registry-outage`. */
  name: string;
  /** What it does, in a sentence. */
  does: string;
  /** What in Azure it stands for, in a sentence; its source is in a comment. */
  standsFor: string;
  limits: readonly LimitName[];
  parameters: Parameters;
  /** Where it strikes. Called once for each fault that is set, so that it can hold what that fault remembers. */
  strikes(values: Record<string, unknown>): Strike[];
}

/** Lets `strikes` know the types of its values. */
export const faultKind = <Of extends Parameters>(
  kind: Omit<FaultKind, 'parameters' | 'strikes'> & {
    parameters: Of;
    strikes(values: ValuesOf<Of>): Strike[];
  },
): FaultKind => kind as FaultKind;

/** What every fault takes besides. */
export const commonParameters = {
  in: { is: duration, default: '0s', meaning: 'begins so much later' },
  for: { is: duration.optional(), meaning: 'ends after so long' },
  count: { is: positive.optional(), meaning: 'strikes so often at the most' },
  probability: { is: share, default: '100%', meaning: 'how likely it strikes, each time' },
  seed: {
    is: wholeNumber,
    default: '1',
    meaning: 'for the probability: the same seed and order of requests give the same decisions',
  },
} satisfies Parameters;

export type LimitName = 'registry' | 'site' | 'host';

interface Limit extends Parameter<string | undefined> {
  matches(occasion: Occasion, name: string): boolean;
}

const name = z.string().regex(/^[\w.-]+(\/[\w-]+)?$/, 'it must be a name');

/** To what a fault can be limited. */
export const limits: Record<LimitName, Limit> = {
  registry: {
    is: name.transform((text) => text.toLowerCase().replace(/\.azurecr\.io$/, '')).optional(),
    meaning: 'only this registry',
    matches: ({ registry }, name) => registry === name,
  },
  site: {
    is: name.transform((text) => text.toLowerCase().replace('/', '-')).optional(),
    meaning: 'only this app, or slot: hoge-app, hoge-app/staging',
    matches: ({ sites }, name) => sites?.includes(name) ?? false,
  },
  host: {
    is: name.transform((text) => text.toLowerCase()).optional(),
    meaning: 'only this host, such as a data endpoint',
    matches: ({ host }, name) => host === name,
  },
};
