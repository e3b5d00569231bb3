/** The parts of a resource id that commands name a resource by. */
export function splitId(id: string): { subscriptionId: string; resourceGroup: string; name: string } {
  const parts = id.split('/');
  return {
    subscriptionId: parts[2] ?? '',
    resourceGroup: parts[3]?.toLowerCase() === 'resourcegroups' ? (parts[4] ?? '') : '',
    name: parts.at(-1) ?? '',
  };
}
