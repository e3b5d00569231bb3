import { formatScope, type Scope } from './permissions.ts';

export type ChallengeError = 'invalid_token' | 'insufficient_scope';

/**
 * The `WWW-Authenticate` of a 401: where to get a token, and for what. No space after the commas: `az` splits
 * the header at its spaces. Source: Azure/acr docs/Token-BasicAuth.md; error: RFC 6750, section 3.1.
 */
export function challenge(realm: string, service: string, scopes: Scope[], error?: ChallengeError): string {
  const parameters = [
    `realm="${realm}"`,
    `service="${service}"`,
    ...(scopes.length > 0 ? [`scope="${scopes.map(formatScope).join(' ')}"`] : []),
    ...(error ? [`error="${error}"`] : []),
  ];
  return `Bearer ${parameters.join(',')}`;
}
