import { parseBasic, sameSecret } from '../basic-auth.ts';
import { allPermissions, cutToAccess, cutToPermissions, type Permission, type Scope } from './permissions.ts';
import type { RegistryFacts } from './registry-facts.ts';
import type { Tokens } from './tokens.ts';

/** Who sent a request, as far as the registry believes it: its rights, already decided. */
export type Credential = { subject: string } & (
  | { permissions: readonly Permission[] }
  | { access: readonly Scope[]; expiresOn: number }
);

/** The user name that says "the password is a token of this registry". Source: Azure/acr docs/AAD-OAuth.md. */
const tokenUser = '00000000-0000-0000-0000-000000000000';

/** `scope` cut down to what the credential allows. */
export const cutTo = (credential: Credential, scope: Scope): Scope =>
  'permissions' in credential
    ? cutToPermissions(scope, credential.permissions)
    : cutToAccess(scope, credential.access);

export const allows = (credential: Credential, scope: Scope): boolean =>
  cutTo(credential, scope).actions.length === scope.actions.length;

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
      return token?.kind === 'access' ? token : undefined;
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
  if (username === tokenUser) return tokens.verify(facts.loginServer, password);
  const { adminUserEnabled, adminCredentials } = facts;
  if (!adminUserEnabled || username !== adminCredentials.username) return undefined;
  const known = adminCredentials.passwords.some((each) => sameSecret(each, password));
  return known ? { subject: username, permissions: allPermissions } : undefined;
}
