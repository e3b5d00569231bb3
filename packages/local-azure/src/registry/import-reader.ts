import type { Entra } from '../entra/entra.ts';
import type { Access } from '../resource-manager/access.ts';
import type { Authenticator } from './authenticate.ts';
import type { Reader } from './import-order.ts';
import {
  anonymousPermissions,
  byDataActions,
  permissionsOf,
  type Rights,
  registryWide,
} from './permissions.ts';
import type { RegistryFacts } from './registry-facts.ts';
import { verifyEntraToken } from './token-service.ts';

export interface ReaderParts {
  entra: Entra;
  access: Access;
  authenticator: Authenticator;
}

/** What somebody may do in the registry that an import reads; undefined when the credentials do not hold. */
export async function rightsOfReader(
  reader: Reader,
  facts: RegistryFacts,
  { entra, access, authenticator }: ReaderParts,
): Promise<Rights | undefined> {
  const byRoles = (principalId: string) =>
    facts.roleAssignmentMode === 'AbacRepositoryPermissions'
      ? byDataActions(access, principalId, facts.id)
      : registryWide(permissionsOf(access, principalId, facts.id));
  switch (reader.kind) {
    case 'principal':
      return byRoles(reader.principalId);
    case 'anonymous':
      return facts.anonymousPullEnabled ? registryWide(anonymousPermissions) : undefined;
    case 'password': {
      const { username, password } = reader;
      if (username === undefined) return byRoles((await verifyEntraToken(entra, password, facts)).oid);
      return (await authenticator.byPassword(username, password, facts))?.rights;
    }
  }
}
