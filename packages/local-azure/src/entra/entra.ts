import { ExpectedError } from '../expected-error.ts';
import type { HttpHandler } from '../http-handler.ts';

/**
 * What the rest of the local Azure may ask of Entra ID. Resource Manager and the registry verify tokens;
 * the web provider makes a principal per managed identity; the App Service worker asks for its tokens.
 */
export interface Entra {
  tenantId: string;
  principals: Principals;
  federatedCredentials: FederatedCredentials;
  /** A signed token for `audience` (such as `https://management.azure.com/`), for a principal that exists. */
  issueToken(principalId: string, audience: string): Promise<{ token: string; expiresOn: number }>;
  /** The claims of a token that this tenant signed for one of `audiences`. Rejects with {@link TokenRefused}. */
  verifyToken(token: string, audiences: readonly string[]): Promise<Claims>;
  /** Serves `login.microsoftonline.com`. */
  login: HttpHandler;
  /** Serves `graph.microsoft.com`: the directory, as clients of sign-ins and role assignments ask for it. */
  graph: HttpHandler;
}

/** The one domain of the tenant, which its users' names end with. */
export const tenantDomain = 'localazure.onmicrosoft.com';

/** What a role can be assigned to. */
export type Principal = ServicePrincipal | User | Group;

/** An application's, or a managed identity's. */
export interface ServicePrincipal {
  kind: 'Application' | 'ManagedIdentity';
  /** Object id: what a role assignment names as `principalId`. */
  id: string;
  /** Client id. */
  appId: string;
  displayName: string;
  /** The resource that a managed identity belongs to. */
  resourceId?: string;
  accountEnabled: boolean;
  isDirectoryAdmin?: boolean;
  createdOn: number;
}

export interface User {
  kind: 'User';
  id: string;
  /** What the user signs in with: a name, `@`, and the tenant's domain. */
  userPrincipalName: string;
  displayName: string;
  mailNickname: string;
  accountEnabled: boolean;
  isDirectoryAdmin?: boolean;
  createdOn: number;
}

/** A security group. */
export interface Group {
  kind: 'Group';
  id: string;
  displayName: string;
  mailNickname: string;
  description?: string;
  createdOn: number;
}

/** What role assignments call the kind of a principal. */
export type PrincipalType = 'User' | 'Group' | 'ServicePrincipal';

export const principalTypeOf = ({ kind }: Principal): PrincipalType =>
  kind === 'User' || kind === 'Group' ? kind : 'ServicePrincipal';

export interface Principals {
  get(id: string): Principal | undefined;
  getServicePrincipal(id: string): ServicePrincipal | undefined;
  getByUserPrincipalName(name: string): User | undefined;
  createManagedIdentity(displayName: string, resourceId: string): ServicePrincipal;
  /** Makes an application with its principal and one secret, which is stored only as a hash. */
  createApplication(
    displayName: string,
    options?: { isDirectoryAdmin: boolean },
  ): { principal: ServicePrincipal; secret: string };
  createUser(user: NewUser): Promise<User>;
  /** Every group that the principal is in, by object id, through other groups too. */
  groupsOf(principalId: string): string[];
  /** Deletes the principal with its credentials and its memberships. Its grants stay behind. */
  delete(id: string): void;
}

export type NewUser = Omit<User, 'kind' | 'id' | 'createdOn'> & { password: string };

/** Says whose tokens, of an issuer that is not this tenant, an application or a managed identity takes for its own. */
export interface FederatedCredential {
  id: string;
  /** Unique within its owner. */
  name: string;
  issuer: string;
  subject: string;
  audiences: string[];
  description?: string;
}

/** The federated credentials of an owner: an application by its object id, or a managed identity by its principal id. */
export interface FederatedCredentials {
  ofOwner(ownerId: string): FederatedCredential[];
  get(ownerId: string, name: string): FederatedCredential | undefined;
  /** Creates or replaces the one of that name, which keeps its id and the spelling of its name. */
  put(ownerId: string, credential: Omit<FederatedCredential, 'id'>): FederatedCredential;
  /** False when there was none. */
  delete(ownerId: string, name: string): boolean;
  deleteAll(ownerId: string): void;
}

/** The claims of a v1.0 access token, as Resource Manager and the registry read them. */
export interface Claims {
  aud: string;
  iss: string;
  tid: string;
  /** Object id of the principal. */
  oid: string;
  /** Client id: a user's is that of the program it signed in with. */
  appid: string;
  /** A user's name. */
  upn?: string;
  iat: number;
  nbf: number;
  exp: number;
}

export type TokenFault = 'malformed' | 'signature' | 'issuer' | 'audience' | 'expired' | 'not-yet-valid';

export class TokenRefused extends ExpectedError {
  readonly fault: TokenFault;
  constructor(fault: TokenFault, message: string) {
    super(message);
    this.fault = fault;
  }
}
