import { apiVersions, type ResourceManager } from '../azure/resource-manager.ts';
import { Failure } from '../failure.ts';

export interface AppQuery {
  /** The app's name, or its whole resource id. */
  app: string;
  resourceGroup?: string | undefined;
  subscriptionId?: string | undefined;
}

interface Found {
  id: string;
  name: string;
}

interface Subscription {
  subscriptionId: string;
  displayName: string;
}

/** The resource id of the app that the user named. */
export async function findApp(arm: ResourceManager, query: AppQuery): Promise<string> {
  if (query.app.startsWith('/subscriptions/')) return query.app;
  if (!/^[a-z0-9][a-z0-9-]{0,58}[a-z0-9]$/i.test(query.app)) {
    throw new Failure(
      `"${query.app}" is not the name of an app: letters, digits and hyphens, 2 to 60 of them.`,
      {
        next: 'az webapp list --query "[].name" -o tsv',
      },
    );
  }
  const subscriptionId = query.subscriptionId ?? (await onlySubscription(arm));
  const subscription = `/subscriptions/${subscriptionId}`;
  if (query.resourceGroup) {
    return `${subscription}/resourceGroups/${query.resourceGroup}/providers/Microsoft.Web/sites/${query.app}`;
  }
  const filter = encodeURIComponent(`resourceType eq 'Microsoft.Web/sites' and name eq '${query.app}'`);
  const found = await arm.list<Found>(`${subscription}/resources?$filter=${filter}`, apiVersions.resources);
  const app = found.find((it) => it.name.toLowerCase() === query.app.toLowerCase());
  if (!app) {
    throw new Failure(`No app "${query.app}" is visible in subscription ${subscriptionId}.`, {
      resource: subscription,
      next: `az webapp list --subscription ${subscriptionId} -o table`,
    });
  }
  return app.id;
}

/** At least one. */
export async function visibleSubscriptions(arm: ResourceManager): Promise<[Subscription, ...Subscription[]]> {
  const [first, ...others] = await arm.list<Subscription>('/subscriptions', apiVersions.subscriptions);
  if (!first) {
    throw new Failure('Whoever is signed in can see no subscription.', { next: 'az account list -o table' });
  }
  return [first, ...others];
}

export async function onlySubscription(arm: ResourceManager): Promise<string> {
  const subscriptions = await visibleSubscriptions(arm);
  const [first, ...others] = subscriptions;
  if (others.length > 0) {
    const names = subscriptions.map((it) => `${it.subscriptionId}  ${it.displayName}`).join('\n  ');
    throw new Failure(`Several subscriptions are visible:\n  ${names}`, { next: 'give --subscription <id>' });
  }
  return first.subscriptionId;
}
