import { randomUUID } from 'node:crypto';
import type { Agent } from 'node:http';
import type { Clock } from '../clock.ts';
import type { Database } from '../store/database.ts';
import { readOrCreateMeta } from '../store/meta.ts';
import { isResource } from './audiences.ts';
import { createDirectory } from './directory/directory.ts';
import type { Entra } from './entra.ts';
import { createGraph } from './graph/graph.ts';
import { createDeviceCodes } from './login/device-codes.ts';
import { resourceNotInTenant } from './login/entra-error.ts';
import { createFetchJson } from './login/fetch-json.ts';
import { createIssuerKeys } from './login/issuer-keys.ts';
import { createLogin } from './login/login.ts';
import { createRefreshTokens } from './login/refresh-tokens.ts';
import { createSigningKeys } from './signing-keys.ts';
import { createTokens } from './tokens.ts';

export interface EntraOptions {
  db: Database;
  clock: Clock;
  /** How a URL is reached, `false` for directly: the keys of other issuers are read there. Throws why it must not. */
  agentFor(url: URL): Agent | false;
  /** Where a browser reaches the sign-in host without the certificate, such as `http://login.localhost:4280`. */
  signInOrigin(): string;
  /** Told of a request that failed inside; the caller sees no more than that. */
  logError(message: string, error: unknown): void;
}

/** Entra ID with one tenant, whose id, keys and principals live in the database. */
export async function createEntra(options: EntraOptions): Promise<Entra> {
  const { db, clock, agentFor, signInOrigin, logError } = options;
  const tenantId = readOrCreateMeta(db, 'tenantId', randomUUID);
  const directory = createDirectory(db, clock);
  const keys = await createSigningKeys(db, clock);
  const tokens = createTokens({ tenantId, keys, memberships: directory.memberships, clock });

  return {
    tenantId,
    principals: directory,
    federatedCredentials: directory.federatedCredentials,
    async issueToken(principalId, audience) {
      const principal = directory.getServicePrincipal(principalId);
      if (!principal) throw new Error(`No principal has the object id '${principalId}'.`);
      if (!isResource(audience)) throw resourceNotInTenant(audience, tenantId);
      return tokens.signForApplication(principal, audience);
    },
    verifyToken: tokens.verify,
    login: createLogin({
      ...{ tenantId, keys, directory, tokens, clock, signInOrigin, logError },
      deviceCodes: createDeviceCodes(clock),
      refreshTokens: createRefreshTokens(db, clock, directory),
      issuerKeys: createIssuerKeys(tenantId, keys, createFetchJson(agentFor)),
    }),
    graph: createGraph({ directory, tokens, clock, logError }),
  };
}
