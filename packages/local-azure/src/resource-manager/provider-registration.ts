import type { Resources } from '../store/resources.ts';
import { AzureError } from './azure-error.ts';

export type RegistrationState = 'Registered' | 'NotRegistered' | 'Unregistered';

export const providerType = 'Microsoft.Resources/providers';

/** Where a subscription's registration of a provider is kept. */
export const registrationId = (subscriptionId: string, namespace: string) =>
  `/subscriptions/${subscriptionId}/providers/${namespace}`;

/** All providers are registered until somebody unregisters one, so that nobody has to begin with it. */
export const registrationState = (resources: Resources, id: string): RegistrationState =>
  (resources.get(id)?.body.properties.registrationState as RegistrationState | undefined) ?? 'Registered';

/** Throws when the path is of a provider that the subscription is not registered for. */
export function requireRegistration(resources: Resources, segments: readonly string[]): void {
  const provider = segments.findLastIndex((segment) => segment.toLowerCase() === 'providers');
  const [namespace, type] = provider === -1 ? [] : segments.slice(provider + 1);
  if (namespace === undefined || type === undefined || /^(un)?register$/i.test(type)) return;
  const [subscriptions, subscriptionId = ''] = segments;
  if (subscriptions?.toLowerCase() !== 'subscriptions') return;
  if (registrationState(resources, registrationId(subscriptionId, namespace)) === 'Registered') return;
  throw new AzureError(
    409,
    'MissingSubscriptionRegistration',
    `The subscription is not registered to use namespace '${namespace}'. ` +
      'See https://aka.ms/rps-not-found for how to register subscriptions.',
  );
}
