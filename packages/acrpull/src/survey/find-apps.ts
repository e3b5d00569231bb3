import { apiVersions, type ResourceManager, ResourceManagerError } from '../azure/resource-manager.ts';
import { Failure } from '../failure.ts';
import { findApp, onlySubscription, requireGroupName, visibleSubscriptions } from '../pull-path/find-app.ts';
import type { ListedApp } from '../pull-path/gather.ts';
import { readFact } from '../pull-path/read-fact.ts';
import type { SiteResource } from '../pull-path/site-resource.ts';
import { runsContainer } from './runs-container.ts';
import { sideBySide } from './side-by-side.ts';

/** Which apps are meant: those that are named, or all of a group, of subscriptions, or of all that are visible. */
export interface AppsQuery {
  /** Names or resource ids. */
  apps: string[];
  resourceGroup?: string | undefined;
  subscriptionIds: string[];
  everySubscription: boolean;
}

/** What could not be read, and why. */
export interface FailedRead {
  /** Of a subscription or an app. */
  id: string;
  failure: ResourceManagerError;
}

export interface Candidate {
  id: string;
  /** Undefined when the user named the app. */
  listed?: ListedApp;
}

export interface FoundApps {
  candidates: Candidate[];
  /** Subscriptions whose apps the reader may not list; where one was named, that is a Failure. */
  unreadable: FailedRead[];
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
    const candidates = [...new Set(ids)].map((id) => ({ id }));
    return { candidates, unreadable: [], withoutContainer: 0 };
  }
  if (resourceGroup) requireGroupName(resourceGroup);
  const found: FoundApps = { candidates: [], unreadable: [], withoutContainer: 0 };
  const group = resourceGroup ? `/resourceGroups/${resourceGroup}` : '';
  await sideBySide(await subscriptionsOf(arm, query), atOnce, async (subscriptionId) => {
    const scope = `/subscriptions/${subscriptionId}${group}`;
    try {
      const { containers, others } = await listApps(arm, scope);
      found.candidates.push(...containers);
      found.withoutContainer += others;
    } catch (error) {
      if (!everySubscription || !isRefusal(error)) throw error;
      found.unreadable.push({ id: scope, failure: error });
    }
  });
  return found;
}

/** So many subscriptions are listed at once. */
const atOnce = 16;

async function subscriptionsOf(
  arm: ResourceManager,
  { subscriptionIds, everySubscription }: AppsQuery,
): Promise<string[]> {
  if (everySubscription) return (await visibleSubscriptions(arm)).map((it) => it.subscriptionId);
  return subscriptionIds.length > 0 ? subscriptionIds : [await onlySubscription(arm)];
}

/** The apps of a subscription or group, by two lists; of those that run no container, the number. */
async function listApps(
  arm: ResourceManager,
  scope: string,
): Promise<{ containers: Candidate[]; others: number }> {
  const filter = encodeURIComponent("resourceType eq 'Microsoft.Web/sites/slots'");
  const path = `${scope}/resources`;
  const [sites, slots] = await Promise.all([
    arm.list<SiteResource>(`${scope}/providers/Microsoft.Web/sites`, apiVersions.web),
    readFact(path, () => arm.list<{ id: string }>(`${path}?$filter=${filter}`, apiVersions.resources)),
  ]);
  const withSlots = slots.known
    ? new Set(slots.value.map(({ id }) => id.toLowerCase().split('/slots/')[0]))
    : undefined;
  const containers = sites.filter((site) => runsContainer(site) !== false);
  return {
    containers: containers.map((site) => ({
      id: site.id,
      // Without that list, each app is asked for its slots.
      listed: { site, hasSlots: withSlots?.has(site.id.toLowerCase()) ?? true },
    })),
    others: sites.length - containers.length,
  };
}

/** Whether an error is about what was asked for, and about this reader, and not about everything. */
export const isRefusal = (error: unknown): error is ResourceManagerError =>
  error instanceof ResourceManagerError && (error.status === 403 || error.status === 404);
