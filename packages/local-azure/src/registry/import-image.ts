import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Client } from '../client.ts';
import { isExpected } from '../expected-error.ts';
import type { BlobStore } from './blob-store.ts';
import type { NewManifest } from './content/manifests.ts';
import type { Content, Place } from './content.ts';
import { copyImage, findImage } from './copy-image.ts';
import { deniedByFirewall, errorBody, RegistryError, unauthorized } from './errors.ts';
import { admits } from './firewall.ts';
import { type ForeignRepository, pullImage } from './foreign-image.ts';
import { type ImportOrder, ImportRefused, type Imports } from './import-order.ts';
import { type ReaderParts, rightsOfReader } from './import-reader.ts';
import { allows } from './permissions.ts';
import type { RegistryEvent } from './registry-events.ts';
import type { RegistryFacts, RegistryLookup } from './registry-facts.ts';
import type { Reference } from './route.ts';

/** Signs in to a registry elsewhere, where that is allowed. */
export type OpenForeign = (source: ImportOrder['source']) => Promise<ForeignRepository>;

export interface ImportParts extends ReaderParts {
  content: Content;
  blobs: BlobStore;
  lookup: RegistryLookup;
  openForeign: OpenForeign;
  emit(event: RegistryEvent): void;
}

/** Imports run here, whoever asks for them. */
const importService: Client = { address: '127.0.0.1' };

export function createImports(parts: ImportParts): Imports {
  const { content, lookup, openForeign, emit } = parts;

  function check({ target, force }: ImportOrder): void {
    if (force) return;
    for (const { repository, tags } of target.places)
      for (const tag of tags)
        if (content.tag({ registry: target.registry, repository }, tag))
          throw new ImportRefused(`Tag ${repository}:${tag} already exists in target registry.`);
  }

  async function requireReadable(source: ImportOrder['source'], facts: RegistryFacts): Promise<void> {
    const { repository, reader } = source;
    if (reader.kind !== 'principal' && !admits(facts.firewall, importService))
      throw deniedByFirewall(importService.address);
    const scope = { type: 'repository', name: repository, actions: ['pull'] };
    const rights = await rightsOfReader(reader, facts, parts);
    if (!rights || !allows(rights, scope)) throw unauthorized([scope]);
  }

  /** Where in this local Azure the image is: one from elsewhere is brought to its first target. */
  async function locate({ source, target }: ImportOrder): Promise<{ place: Place; reference: Reference }> {
    const facts = lookup(source.registry);
    if (facts) {
      await requireReadable(source, facts);
      return { place: source, reference: source.reference };
    }
    const place = { registry: target.registry, repository: target.places[0]!.repository };
    const digest = await pullImage(await openForeign(source), source.reference, place, parts);
    return { place, reference: { digest } };
  }

  async function run(order: ImportOrder): Promise<void> {
    const { place, reference } = await locate(order);
    // From here on nothing is awaited, so that source and target stay as they are found.
    check(order);
    const image = findImage(content, place, reference);
    for (const { repository, tags } of order.target.places) {
      const to = { registry: order.target.registry, repository };
      emit(importEvent(to, copyImage(content, image, to, tags), tags));
    }
  }

  return {
    check,
    run: (order) =>
      run(order).catch((error) => {
        if (error instanceof RegistryError) throw new ImportRefused(describe(error));
        throw isExpected(error) ? new ImportRefused(error.message) : error;
      }),
  };
}

/** Azure does not document the request of an import's events: this is the one that a push would have made. */
const importEvent = (
  place: Place,
  { digest, mediaType, body }: NewManifest,
  tags: RegistryEvent['tags'],
): RegistryEvent => ({
  ...place,
  action: 'push',
  mediaType,
  digest,
  size: body.length,
  tags,
  request: { id: randomUUID(), host: place.registry, method: 'PUT', useragent: 'importImage' },
});

/** As ACR says what a source has answered. Source: Azure/acr issue 449 */
function describe(error: RegistryError): string {
  const status = (STATUS_CODES[error.status] ?? '').replaceAll(' ', '');
  return `Invalid message ${status} ${status} ${errorBody(error)}`;
}
