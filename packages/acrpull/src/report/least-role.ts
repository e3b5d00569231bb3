/** The least built-in role that lets a reader read what was denied; by the action that Azure names. */
const leastRoles: [prefix: string, role: string][] = [
  ['Microsoft.Web/sites/config/list/action', 'Website Contributor'],
  ['Microsoft.Web/sites/slots/config/list/action', 'Website Contributor'],
  [
    'Microsoft.ContainerRegistry/registries/pull/read',
    'AcrPull (on ABAC registries: Container Registry Repository Reader)',
  ],
  // Of Microsoft Graph: a directory role, not one of Azure's.
  ['Directory.Read.All', 'Directory Readers'],
  ['Microsoft.', 'Reader'],
];

export const leastRole = (action: string): string | undefined =>
  leastRoles.find(([prefix]) => action.toLowerCase().startsWith(prefix.toLowerCase()))?.[1];
