import type { Clock } from '../clock.ts';
import { ExpectedError } from '../expected-error.ts';
import type { Failing } from './faults.ts';
import { identityTokens, type TokenEffect } from './places.ts';

interface Issuer {
  issueToken(principalId: string, audience: string): Promise<{ token: string; expiresOn: number }>;
}

export interface IdentityTokensOptions extends Failing {
  /** The sites that an identity is attached to, by the first label of their host. */
  sitesOf(principalId: string): string[];
}

/** Entra ID as the workers have it: what can go wrong when they ask for the token of a managed identity. */
export function withIdentityTokens<Of extends Issuer>(entra: Of, options: IdentityTokensOptions): Of {
  const { faults, clock, sitesOf } = options;
  return {
    ...entra,
    async issueToken(principalId: string, audience: string) {
      if (!faults.areAt(identityTokens)) return entra.issueToken(principalId, audience);
      const struck = faults.strike(identityTokens, { sites: sitesOf(principalId) });
      const effects = struck.map(({ effect }) => effect);
      const key = `${principalId} ${audience}`;
      const caches = effects.filter((effect) => effect.kind === 'reuse');
      const now = clock.now();
      // A token that is kept needs nobody's answer.
      for (const { kept, ms } of caches) {
        const known = kept.get(key);
        if (known && now < Math.min(known.issuedOn + ms, known.expiresOn)) return known;
      }
      for (const effect of effects) await befall(effect, clock);
      const issued = await entra.issueToken(principalId, audience);
      for (const { kept } of caches) kept.set(key, { ...issued, issuedOn: clock.now() });
      return issued;
    },
  };
}

async function befall(effect: TokenEffect, clock: Clock): Promise<void> {
  if (effect.kind === 'wait') await clock.sleep(effect.ms);
  if (effect.kind === 'refuse') throw new ExpectedError(effect.message);
}
