import { randomBytes } from 'node:crypto';
import { hashSecret } from '../../secret.ts';

export const passwordNames = ['password1', 'password2'] as const;
export type PasswordName = (typeof passwordNames)[number];

/** A password of a token, without its value. Times are in milliseconds. */
export interface TokenPassword {
  name: PasswordName;
  hash: string;
  createdOn: number;
  /** Absent for one that stays good. */
  expiry?: number;
}

/** A new password: what is kept of it, and its value, which is shown this once. */
export function makePassword(name: PasswordName, createdOn: number, expiry: number | undefined) {
  const value = randomBytes(24).toString('base64');
  const kept: TokenPassword = {
    name,
    hash: hashSecret(value),
    createdOn,
    ...(expiry === undefined ? {} : { expiry }),
  };
  return { kept, value };
}

/** The passwords with these in place of those of the same names. */
export const replacePasswords = (
  passwords: readonly TokenPassword[],
  made: readonly TokenPassword[],
): TokenPassword[] =>
  passwordNames.flatMap((name) => {
    const named = (one: TokenPassword) => one.name === name;
    return made.find(named) ?? passwords.find(named) ?? [];
  });

/** The password as clients see it. */
export const presentPassword = ({ name, createdOn, expiry }: TokenPassword) => ({
  name,
  creationTime: new Date(createdOn).toISOString(),
  ...(expiry === undefined ? {} : { expiry: new Date(expiry).toISOString() }),
});
