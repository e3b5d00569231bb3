import { parseBasic, sameSecret } from '../basic-auth.ts';
import { allPermissions, listed, type Rights, registryWide } from './permissions.ts';
import type { RegistryFacts } from './registry-facts.ts';
import type { Tokens, VerifiedToken } from './tokens.ts';

/** Who sent a request, as far as the registry believes it. */
export interface Credential {
  /** The principal's object id, or a user name. */
  subject: string;
  rights: Rights;
  /** When they end (ms); absent for those that do not end by themselves. */
  expiresOn?: number;
}

/** The user name that says "the password is a token of this registry". Source: Azure/acr docs/AAD-OAuth.md. */
const tokenUser = '00000000-0000-0000-0000-000000000000';

/** What a token of this registry is worth. */
export const credentialOf = (token: VerifiedToken): Credential =>
  token.kind === 'refresh'
    ? { subject: token.subject, rights: registryWide(token.permissions) }
    : { subject: token.subject, rights: listed(token.access), expiresOn: token.expiresOn };

/** The credential of an `Authorization` header: an access token, or Basic. Undefined when it does not hold. */
export async function authenticate(
  header: string,
  facts: RegistryFacts,
  tokens: Tokens,
): Promise<Credential | undefined> {
  const [scheme = '', value = ''] = header.split(/ +/, 2);
  switch (scheme.toLowerCase()) {
    case 'bearer': {
      const token = await tokens.verify(facts.loginServer, value);
      return token?.kind === 'access' ? credentialOf(token) : undefined;
    }
    case 'basic': {
      const basic = parseBasic(value);
      return basic && authenticatePassword(basic.username, basic.password, facts, tokens);
    }
  }
  return undefined;
}

/** The admin user with one of its two passwords, or any of the registry's tokens in place of a password. */
export async function authenticatePassword(
  username: string,
  password: string,
  facts: RegistryFacts,
  tokens: Tokens,
): Promise<Credential | undefined> {
  if (username === tokenUser) {
    const token = await tokens.verify(facts.loginServer, password);
    return token && credentialOf(token);
  }
  const { adminUserEnabled, adminCredentials } = facts;
  if (!adminUserEnabled || username !== adminCredentials.username) return undefined;
  const known = adminCredentials.passwords.some((each) => sameSecret(each, password));
  return known ? { subject: username, rights: registryWide(allPermissions) } : undefined;
}
