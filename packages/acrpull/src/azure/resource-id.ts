/** The parts of a resource id that commands name a resource by. */
export function splitId(id: string): { subscriptionId: string; resourceGroup: string; name: string } {
  const parts = id.split('/');
  return {
    subscriptionId: parts[2] ?? '',
    resourceGroup: parts[3]?.toLowerCase() === 'resourcegroups' ? (parts[4] ?? '') : '',
    name: parts.at(-1) ?? '',
  };
}

/** The parts of a site's id: of an app, or of one of its slots. */
export function splitSiteId(id: string): { app: string; slot: string | undefined; type: string } {
  const parts = id.split('/');
  const slot = parts[10];
  return { app: parts[8] ?? '', slot, type: slot ? 'Microsoft.Web/sites/slots' : 'Microsoft.Web/sites' };
}

/** `hoge-app` for production, `hoge-app/staging` for a slot. */
export function siteLabel(id: string): string {
  const { app, slot } = splitSiteId(id);
  return slot ? `${app}/${slot}` : app;
}
