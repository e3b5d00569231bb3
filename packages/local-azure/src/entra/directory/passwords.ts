import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import type { Clock } from '../../clock.ts';
import type { Database } from '../../store/database.ts';

/** The passwords of users, kept as salted scrypt hashes. */
export interface Passwords {
  /** What is kept of a password. */
  hash(password: string): Promise<string>;
  set(userId: string, hash: string): void;
  check(userId: string, password: string): Promise<boolean>;
  /** Tokens that were issued before are worth nothing any more. */
  changedOn(userId: string): number;
  delete(userId: string): void;
}

const derive = promisify<string, Buffer, number, Buffer>(scrypt);
const keyLength = 32;

export function createPasswords(db: Database, clock: Clock): Passwords {
  const select = db.prepare('SELECT hash, changed_on FROM user_passwords WHERE user_id = ?');
  const upsert = db.prepare(`
    INSERT INTO user_passwords (user_id, hash, changed_on) VALUES (?, ?, ?)
    ON CONFLICT (user_id) DO UPDATE SET hash = excluded.hash, changed_on = excluded.changed_on`);
  const remove = db.prepare('DELETE FROM user_passwords WHERE user_id = ?');
  const find = (userId: string) => select.get(userId) as { hash: string; changed_on: number } | undefined;

  return {
    async hash(password) {
      const salt = randomBytes(16);
      const key = await derive(password, salt, keyLength);
      return `${salt.toString('base64')}:${key.toString('base64')}`;
    },
    set(userId, hash) {
      upsert.run(userId, hash, clock.now());
    },
    async check(userId, password) {
      const kept = find(userId)?.hash.split(':');
      if (!kept) return false;
      const [salt, key] = kept.map((part) => Buffer.from(part, 'base64'));
      return timingSafeEqual(await derive(password, salt!, keyLength), key!);
    },
    changedOn: (userId) => find(userId)?.changed_on ?? 0,
    delete: (userId) => {
      remove.run(userId);
    },
  };
}
