import type { HttpEffect, HttpOccasion } from './http-effect.ts';

/** What happens at a place, as far as a fault can be limited to it. */
export interface Occasion {
  /** The name of the registry that it is about. */
  registry?: string | undefined;
  /** The sites that it is about, by the first label of their host. */
  sites?: readonly string[];
  host?: string;
}

/** Where faults can strike: what happens there (`Of`), and what can then go wrong (`Effect`). */
export interface Place<Of extends Occasion, Effect> {
  /** For a fault of this place. No effect: it has nothing to do with the occasion. */
  struckBy(effect: (occasion: Of, now: number) => Effect | undefined): Strike;
}

/** A place, whatever happens there. */
export type AnyPlace = object;

/** What a fault does at a place. */
export interface Strike {
  place: AnyPlace;
  effect(occasion: never, now: number): unknown;
}

function place<Of extends Occasion, Effect>(): Place<Of, Effect> {
  const here: Place<Of, Effect> = { struckBy: (effect) => ({ place: here, effect }) };
  return here;
}

/** Requests that arrive at a service. */
export type HttpPlace = Place<HttpOccasion, HttpEffect>;
export const registryRequests: HttpPlace = place();
export const resourceManagerRequests: HttpPlace = place();
export const entraRequests: HttpPlace = place();
export const kuduRequests: HttpPlace = place();

/** A change that was made, and is late: the effect is the milliseconds until it counts. */
export interface Change extends Occasion {
  madeOn: number;
}
export type ChangePlace = Place<Change, number>;
export const grantsMade: ChangePlace = place();
export const grantsRemoved: ChangePlace = place();
export const identitiesMade: ChangePlace = place();
export const siteSettingsWritten: ChangePlace = place();
export const registrySettingsWritten: ChangePlace = place();

/** A worker asks for the token of a managed identity. */
export const identityTokens = place<Occasion, TokenEffect>();
export type TokenEffect =
  | { kind: 'refuse'; message: string }
  | { kind: 'wait'; ms: number }
  /** Takes one that is not older from `kept`, where it keeps those that it gets. */
  | { kind: 'reuse'; ms: number; kept: Map<string, KeptToken> };
export interface KeptToken {
  token: string;
  issuedOn: number;
  expiresOn: number;
}

/** A line goes out to a reader of a log stream. */
export const logLines = place<Occasion, LineEffect>();
export type LineEffect = { kind: 'lose' } | { kind: 'wait'; ms: number };
