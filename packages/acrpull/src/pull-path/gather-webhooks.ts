import { apiVersions, type ResourceManager } from '../azure/resource-manager.ts';
import type { ImageReference } from './image-reference.ts';
import { once } from './once.ts';
import { readFact } from './read-fact.ts';
import { type Fact, known, type WebhookFacts } from './snapshot.ts';

interface Webhook {
  id: string;
  properties: { status?: string; scope?: string; actions?: string[] };
}

/** Source: azure-rest-api-specs Microsoft.ContainerRegistry stable/2025-11-01 Event */
interface WebhookEvent {
  eventRequestMessage?: { requestUri?: string; content?: { timestamp?: string } };
  eventResponseMessage?: { statusCode?: string };
}

export type WebhookReader = (image: ImageReference) => Promise<Fact<WebhookFacts[]>>;

/** Reads the webhooks that a push of an image sets off. `idOf`: the registry with a login server. */
export function webhookReader(
  arm: ResourceManager,
  idOf: (host: string) => Promise<Fact<string>>,
): WebhookReader {
  const webhooks = once((registryId: string) =>
    readFact(`${registryId}/webhooks`, () =>
      arm.list<Webhook>(`${registryId}/webhooks`, apiVersions.containerRegistry),
    ),
  );
  return async (image) => {
    const id = await idOf(image.host);
    if (!id.known) return id;
    const all = await webhooks(id.value);
    if (!all.known) return all;
    const ours = all.value.filter(
      ({ properties: { status, scope, actions } }) =>
        status === 'enabled' && actions?.includes('push') && isInScope(scope ?? '', image),
    );
    return known(
      await Promise.all(
        ours.map(async ({ id, properties }) => ({
          id,
          scope: properties.scope ?? '',
          lastEvent: await readLastEvent(arm, id),
        })),
      ),
    );
  };
}

/** Without a tag a scope is one of `latest`. Source: azure-rest-api-specs WebhookProperties.scope */
export function isInScope(scope: string, { repository, tag }: ImageReference): boolean {
  const [name, wanted = 'latest'] = scope.split(':');
  return scope === '' || (name === repository && (wanted === '*' || wanted === tag));
}

function readLastEvent(arm: ResourceManager, webhookId: string): Promise<WebhookFacts['lastEvent']> {
  const path = `${webhookId}/listEvents`;
  return readFact(path, async () => {
    const { value } = await arm.send<{ value?: WebhookEvent[] }>('POST', path, apiVersions.containerRegistry);
    const [last] = (value ?? []).sort((a, b) => timeOf(b).localeCompare(timeOf(a)));
    const uri = last?.eventRequestMessage?.requestUri;
    if (!uri || !URL.canParse(uri)) return null;
    return { host: new URL(uri).host, statusCode: last.eventResponseMessage?.statusCode ?? '' };
  });
}

const timeOf = ({ eventRequestMessage }: WebhookEvent): string =>
  eventRequestMessage?.content?.timestamp ?? '';
