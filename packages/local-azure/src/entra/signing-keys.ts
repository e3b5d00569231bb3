import { exportJWK, type JSONWebKeySet } from 'jose';
import type { Clock } from '../clock.ts';
import type { Database } from '../store/database.ts';
import {
  createSigningKey,
  deleteSigningKey,
  loadSigningKey,
  readSigningKeys,
  type SigningKey,
} from '../store/signing-key.ts';

const hour = 60 * 60 * 1000;
const day = 24 * hour;

/** How old a key is when its successor is made. */
const rotatesAfter = 30 * day;

/** A key is published so long before it signs, for clients that look for keys once a day. */
const publishedAhead = day;

/** The longest life of a token: a managed identity's. The key must be known for as long, and longer by a margin. */
const keptAfter = day + hour;

export interface SigningKeys {
  /** The key to sign with. Makes the next one, and forgets the last one, when their times have come. */
  current(): Promise<SigningKey>;
  /** Every key whose tokens may be live, or will be soon. */
  published(): readonly SigningKey[];
}

/** The tenant's keys, which take turns so that no token that is good is refused in between. */
export async function createSigningKeys(db: Database, clock: Clock): Promise<SigningKeys> {
  const purpose = 'entra';
  await loadSigningKey(db, clock, purpose);
  let keys = readSigningKeys(db, purpose);
  let making: Promise<void> | undefined;

  const signsFrom = (key: SigningKey) => (key === keys[0] ? key.createdOn : key.createdOn + publishedAhead);

  async function makeNext(): Promise<void> {
    keys = [...keys, await createSigningKey(db, clock, purpose)];
  }

  return {
    async current() {
      const now = clock.now();
      if (keys.at(-1)!.createdOn + rotatesAfter <= now) {
        making ??= makeNext().finally(() => {
          making = undefined;
        });
        await making;
      }
      const signer = keys.findLast((key) => signsFrom(key) <= now) ?? keys[0]!;
      if (signer !== keys[0] && signsFrom(signer) + keptAfter <= now) {
        for (const old of keys.slice(0, keys.indexOf(signer))) deleteSigningKey(db, old.kid);
        keys = keys.slice(keys.indexOf(signer));
      }
      return signer;
    },
    published: () => keys,
  };
}

/** The keys as the tenant publishes them, and anybody may have them. */
export async function toJwks(keys: readonly SigningKey[]): Promise<JSONWebKeySet> {
  const publish = async ({ kid, publicKey }: SigningKey) => ({
    ...(await exportJWK(publicKey)),
    ...{ kid, x5t: kid, use: 'sig', alg: 'RS256' },
  });
  return { keys: await Promise.all(keys.map(publish)) };
}
