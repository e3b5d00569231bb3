const contentRead = 'Microsoft.ContainerRegistry/registries/repositories/content/read';
const metadataRead = 'Microsoft.ContainerRegistry/registries/repositories/metadata/read';
const repositoryName = '@Request[Microsoft.ContainerRegistry/registries/repositories:name]';

/**
 * The condition that lets a role on repositories count for these only, as the portal's editor writes it.
 * Source: learn.microsoft.com/azure/container-registry/container-registry-rbac-abac-repository-permissions
 */
export function pullCondition(repositories: string[]): string {
  const names = repositories.map((name) => `${repositoryName} StringEqualsIgnoreCase '${name}'`);
  return `((!(ActionMatches{'${contentRead}'}) AND !(ActionMatches{'${metadataRead}'})) OR (${names.join(' OR ')}))`;
}
