import type { RampUpRule } from './site.ts';

/** What of a request decides where it is led. */
export interface RoutedRequest {
  url?: string | undefined;
  cookie?: string | undefined;
}

export interface Destination {
  /** The slot; undefined for production. */
  siteId: string | undefined;
  /** For the answer, when the client does not have it yet. */
  setCookie?: string;
}

const parameter = 'x-ms-routing-name';
const production = 'self';
/** "pinned to that slot for one hour" */
const pinnedSeconds = 3600;

/**
 * Where a visitor of an app is led: where the query parameter says, else where the cookie pins him, else by the
 * percentages; `random` gives a number from 0 to below 1. A name that no rule has says nothing. Without rules there is
 * one way, and no cookie.
 * Source: MicrosoftDocs/azure-docs deploy-staging-slots.md, "Route production traffic …"
 */
export function chooseRoute(rules: RampUpRule[], request: RoutedRequest, random: () => number): Destination {
  if (rules.length === 0) return { siteId: undefined };
  const named = (name: string | null | undefined) => {
    const wanted = name?.toLowerCase();
    if (wanted === production) return { siteId: undefined, name: production };
    return rules.find((rule) => rule.name.toLowerCase() === wanted);
  };
  const pinned = named(readCookie(request.cookie));
  const chosen = named(readQuery(request.url)) ?? pinned ?? draw(rules, random());
  const { siteId, name } = chosen ?? { siteId: undefined, name: production };
  if (name === pinned?.name) return { siteId };
  return { siteId, setCookie: `${parameter}=${name}; Max-Age=${pinnedSeconds}; Path=/; HttpOnly` };
}

function draw(rules: RampUpRule[], random: number): RampUpRule | undefined {
  let before = 0;
  return rules.find(({ reroutePercentage }) => {
    before += reroutePercentage;
    return random * 100 < before;
  });
}

const readQuery = (url = '') => new URLSearchParams(url.split('?')[1]).get(parameter);

const readCookie = (header = '') =>
  header
    .split(';')
    .map((pair) => pair.trim().split('='))
    .find(([name]) => name === parameter)?.[1];
