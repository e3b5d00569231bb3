import { randomBytes, randomUUID } from 'node:crypto';
import { errors, jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import type { Clock } from '../../clock.ts';
import type { Database } from '../../store/database.ts';
import { readOrCreateMeta } from '../../store/meta.ts';
import type { Directory } from '../directory/directory.ts';
import type { User } from '../entra.ts';
import { grantRevoked, inactiveRefreshToken, malformedGrant, userDisabled } from './user-errors.ts';

/** What a program keeps to get new tokens for its user. Nothing is stored of them: each says all that it is worth. */
export interface RefreshTokens {
  issue(user: User, clientId: string): Promise<string>;
  /** The user that the token is for. Throws when it is no good, or is another program's. */
  redeem(token: string, clientId: string): Promise<User>;
}

/** Source: learn.microsoft.com/entra/identity-platform/refresh-tokens, "Token lifetime" */
const days = 90;

const claimsSchema = z.object({ sub: z.string(), client_id: z.string(), issued_ms: z.number() });

export function createRefreshTokens(db: Database, clock: Clock, directory: Directory): RefreshTokens {
  const kept = readOrCreateMeta(db, 'refreshTokenKey', () => randomBytes(32).toString('base64'));
  const key = Buffer.from(kept, 'base64');
  const algorithm = 'HS256';

  return {
    issue(user, clientId) {
      // In milliseconds, as a change of the password is noted: either may come just after the other.
      const claims = { sub: user.id, client_id: clientId.toLowerCase(), issued_ms: clock.now() };
      const seconds = Math.floor(clock.now() / 1000);
      return new SignJWT({ ...claims, jti: randomUUID(), exp: seconds + days * 24 * 60 * 60 })
        .setProtectedHeader({ typ: 'refresh+jwt', alg: algorithm })
        .sign(key);
    },

    async redeem(token, clientId) {
      const options = {
        algorithms: [algorithm],
        typ: 'refresh+jwt',
        currentDate: new Date(clock.now()),
      };
      const { payload } = await jwtVerify(token, key, options).catch((error) => {
        throw error instanceof errors.JWTExpired ? inactiveRefreshToken(days) : malformedGrant();
      });
      const { data: claims } = claimsSchema.safeParse(payload);
      const user = claims && directory.get(claims.sub);
      if (claims?.client_id !== clientId.toLowerCase() || user?.kind !== 'User') throw malformedGrant();
      if (directory.passwords.changedOn(user.id) > claims.issued_ms) throw grantRevoked();
      if (!user.accountEnabled) throw userDisabled();
      return user;
    },
  };
}
