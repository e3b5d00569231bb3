import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock.ts';
import type { Database } from '../store/database.ts';
import { readOrCreateMeta } from '../store/meta.ts';
import { loadSigningKey } from '../store/signing-key.ts';
import { isResource } from './audiences.ts';
import { createFederatedCredentials } from './directory/federated-credentials.ts';
import { createDirectory } from './directory/principals.ts';
import type { Entra } from './entra.ts';
import { createGraph } from './graph/graph.ts';
import { resourceNotInTenant } from './login/entra-error.ts';
import { createLogin } from './login/login.ts';
import { createTokens } from './tokens.ts';

export interface EntraOptions {
  db: Database;
  clock: Clock;
  /** Told of a request that failed inside; the caller sees no more than that. */
  logError(message: string, error: unknown): void;
}

/** Entra ID with one tenant, whose id, keys and principals live in the database. */
export async function createEntra({ db, clock, logError }: EntraOptions): Promise<Entra> {
  const tenantId = readOrCreateMeta(db, 'tenantId', randomUUID);
  const directory = createDirectory(db, clock);
  const key = await loadSigningKey(db, clock, 'entra');
  const tokens = createTokens(tenantId, key, clock);

  return {
    tenantId,
    principals: directory,
    federatedCredentials: createFederatedCredentials(db),
    async issueToken(principalId, audience) {
      const principal = directory.get(principalId);
      if (!principal) throw new Error(`No principal has the object id '${principalId}'.`);
      if (!isResource(audience)) throw resourceNotInTenant(audience, tenantId);
      return tokens.sign(principal, audience);
    },
    verifyToken: tokens.verify,
    login: await createLogin({ tenantId, key, directory, tokens, clock, logError }),
    graph: createGraph({ directory, tokens, clock, logError }),
  };
}
