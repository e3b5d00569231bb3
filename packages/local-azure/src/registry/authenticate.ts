import { parseBasic } from '../basic-auth.ts';
import type { Clock } from '../clock.ts';
import type { Access } from '../resource-manager/access.ts';
import { hashSecret, sameSecret } from '../secret.ts';
import { allPermissions, byDataActions, listed, type Rights, registryWide } from './permissions.ts';
import type { RegistryFacts } from './registry-facts.ts';
import { scopeMapRights } from './scope-map.ts';
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

/** Tells who is behind a token or a password of a registry. Undefined: it does not hold. */
export interface Authenticator {
  /** By an `Authorization` header: an access token, or Basic. */
  byHeader(header: string, facts: RegistryFacts): Promise<Credential | undefined>;
  /**
   * By a name and a password: the admin user's, a repository token's, or any of the registry's own access and refresh
   * tokens in place of a password.
   */
  byPassword(username: string, password: string, facts: RegistryFacts): Promise<Credential | undefined>;
  byRefreshToken(token: string, facts: RegistryFacts): Promise<Credential | undefined>;
}

export function createAuthenticator(tokens: Tokens, access: Access, clock: Clock): Authenticator {
  /** What a token of this registry is worth. */
  function credentialOf(token: VerifiedToken, facts: RegistryFacts): Credential {
    const { subject } = token;
    if (token.kind === 'access') return { subject, rights: listed(token.access), expiresOn: token.expiresOn };
    const isAbac = facts.roleAssignmentMode === 'AbacRepositoryPermissions';
    return {
      subject,
      rights: isAbac ? byDataActions(access, subject, facts.id) : registryWide(token.permissions),
    };
  }

  async function byToken(token: string, facts: RegistryFacts, kind?: VerifiedToken['kind']) {
    const verified = await tokens.verify(facts.loginServer, token);
    if (!verified || (kind && verified.kind !== kind)) return undefined;
    return credentialOf(verified, facts);
  }

  async function byPassword(username: string, password: string, facts: RegistryFacts) {
    if (username === tokenUser) return byToken(password, facts);
    return byAdminUser(username, password, facts) ?? byRepositoryToken(username, password, facts);
  }

  function byRepositoryToken(name: string, password: string, facts: RegistryFacts): Credential | undefined {
    const token = facts.findToken(name);
    if (token?.status !== 'enabled') return undefined;
    const hash = hashSecret(password);
    const match = token.passwords.find((each) => sameSecret(each.hash, hash));
    if (!match) return undefined;
    const { expiry } = match;
    if (expiry !== undefined && expiry <= clock.now()) return undefined;
    return {
      subject: token.name,
      rights: scopeMapRights(token.actions),
      ...(expiry === undefined ? {} : { expiresOn: expiry }),
    };
  }

  return {
    async byHeader(header, facts) {
      const [scheme = '', value = ''] = header.split(/ +/, 2);
      switch (scheme.toLowerCase()) {
        case 'bearer':
          return byToken(value, facts, 'access');
        case 'basic': {
          const basic = parseBasic(value);
          return basic && byPassword(basic.username, basic.password, facts);
        }
      }
      return undefined;
    },
    byPassword,
    byRefreshToken: (token, facts) => byToken(token, facts, 'refresh'),
  };
}

function byAdminUser(username: string, password: string, facts: RegistryFacts): Credential | undefined {
  const { adminUserEnabled, adminCredentials } = facts;
  if (!adminUserEnabled || username !== adminCredentials.username) return undefined;
  const known = adminCredentials.passwords.some((each) => sameSecret(each, password));
  return known ? { subject: username, rights: registryWide(allPermissions) } : undefined;
}
