import { apiVersions, type ResourceManager } from '../azure/resource-manager.ts';
import { Failure } from '../failure.ts';
import { findApp, onlySubscription, visibleSubscriptions } from '../pull-path/find-app.ts';
import type { ListedApp } from '../pull-path/gather.ts';
import type { SiteResource } from '../pull-path/site-resource.ts';
import { runsContainer } from './runs-container.ts';

/** Which apps are meant: those that are named, or all of a group, of subscriptions, or of all that are visible. */
export interface AppsQuery {
  /** Names or resource ids. */
  apps: string[];
  resourceGroup?: string | undefined;
  subscriptionIds: string[];
  everySubscription: boolean;
}

export interface Candidate {
  id: string;
  /** Undefined when the user named the app. */
  listed?: ListedApp;
}

export interface FoundApps {
  candidates: Candidate[];
  /** How many more there are, which run no container, by what the lists say. */
  withoutContainer: number;
}

export async function findApps(arm: ResourceManager, query: AppsQuery): Promise<FoundApps> {
  const { apps, resourceGroup, subscriptionIds, everySubscription } = query;
  if (apps.length > 0) {
    if (subscriptionIds.length > 1 || everySubscription) {
      throw new Failure('An app that is named is looked for in one subscription.', {
        next: 'give --subscription once, or the resource ids of the apps',
      });
    }
    const [subscriptionId] = subscriptionIds;
    const ids = await Promise.all(apps.map((app) => findApp(arm, { app, resourceGroup, subscriptionId })));
    return { candidates: [...new Set(ids)].map((id) => ({ id })), withoutContainer: 0 };
  }
  const subscriptions = everySubscription
    ? (await visibleSubscriptions(arm)).map((it) => it.subscriptionId)
    : subscriptionIds.length > 0
      ? subscriptionIds
      : [await onlySubscription(arm)];
  const group = resourceGroup ? `/resourceGroups/${resourceGroup}` : '';
  const found = await Promise.all(subscriptions.map((id) => listApps(arm, `/subscriptions/${id}${group}`)));
  return {
    candidates: found.flatMap(({ candidates }) => candidates),
    withoutContainer: found.reduce((sum, it) => sum + it.withoutContainer, 0),
  };
}

/** The apps of a subscription or group, by two lists. */
async function listApps(arm: ResourceManager, scope: string): Promise<FoundApps> {
  const filter = encodeURIComponent("resourceType eq 'Microsoft.Web/sites/slots'");
  const [sites, slots] = await Promise.all([
    arm.list<SiteResource>(`${scope}/providers/Microsoft.Web/sites`, apiVersions.web),
    arm.list<{ id: string }>(`${scope}/resources?$filter=${filter}`, apiVersions.resources),
  ]);
  const withSlots = new Set(slots.map(({ id }) => id.toLowerCase().split('/slots/')[0]));
  const containers = sites.filter((site) => runsContainer(site) !== false);
  return {
    candidates: containers.map((site) => ({
      id: site.id,
      listed: { site, hasSlots: withSlots.has(site.id.toLowerCase()) },
    })),
    withoutContainer: sites.length - containers.length,
  };
}
