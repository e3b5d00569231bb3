import { Failure } from '../failure.ts';
import { isStack, parseFxVersion } from './image-reference.ts';
import { fxVersionOf } from './pulls.ts';
import { azSite } from './site-view.ts';
import type { SiteFacts, Snapshot } from './snapshot.ts';

/** Throws for an app that runs code in every slot: it pulls nothing, so nothing of its pull path is broken. */
export function requireContainerApp(snapshot: Snapshot): void {
  const [site, ...slots] = snapshot.sites as [SiteFacts, ...SiteFacts[]];
  const stack = stackOf(site);
  if (!stack || !slots.every(stackOf)) return;
  const property = fxVersionOf(site);
  throw new Failure(`${snapshot.app.name} is no container app: ${property} is ${stack}.`, {
    resource: site.id,
    next: `az webapp config show ${azSite({ snapshot, site })} --query ${property}`,
  });
}

function stackOf(site: SiteFacts): string | undefined {
  const fxVersion = site.config.known ? site.config.value[fxVersionOf(site)] : '';
  return isStack(parseFxVersion(fxVersion)) ? fxVersion : undefined;
}
