import { z } from 'zod';
import type { ImportOrder } from '../../registry/import-order.ts';
import { parseDigest, parseRepository, parseTag, type Repository, type Tag } from '../../registry/names.ts';
import { parseBody } from '../../resource-manager/tracked-resource.ts';
import { importInvalid } from './errors.ts';
import { word } from './request.ts';

/** Source: azure-rest-api-specs containerregistry 2023-07-01 ImportImageParameters */
const importSchema = z.object({
  source: z.object({
    resourceId: z.string().nullish(),
    registryUri: z.string().nullish(),
    credentials: z.object({ username: z.string().nullish(), password: z.string() }).nullish(),
    sourceImage: z.string(),
  }),
  targetTags: z.array(z.string()).nullish(),
  untaggedTargetRepositories: z.array(z.string()).nullish(),
  mode: word('NoForce', 'Force').nullish(),
});

export interface ImportRequest {
  from:
    | { kind: 'resource'; resourceId: string }
    | { kind: 'uri'; host: string; credentials?: { username?: string | undefined; password: string } };
  image: Pick<ImportOrder['source'], 'repository' | 'reference'>;
  places: ImportOrder['target']['places'];
  force: boolean;
}

/** Reads the body of an import, except for whether its registries exist. */
export function readImport(body: unknown): ImportRequest {
  const { source, targetTags, untaggedTargetRepositories, mode } = parseBody(importSchema, body);
  const image = readImage(source.sourceImage);
  const places = [
    ...(targetTags ?? []).map((target) => readTarget(target, image.reference.tag)),
    ...(untaggedTargetRepositories ?? []).map((name) => ({ repository: readRepository(name), tags: [] })),
  ];
  if (places.length === 0) throw importInvalid('No target tag and no target repository is given.');
  return { from: readSource(source), image, places, force: mode === 'Force' };
}

function readSource({
  resourceId,
  registryUri,
  credentials,
}: z.infer<typeof importSchema>['source']): ImportRequest['from'] {
  if (resourceId && registryUri) throw importInvalid("'resourceId' and 'registryUri' exclude each other.");
  if (resourceId) return { kind: 'resource', resourceId };
  if (!registryUri) throw importInvalid("The source needs a 'resourceId' or a 'registryUri'.");
  const host = registryUri.replace(/^https:\/\//i, '').replace(/\/.*$/s, '');
  if (!credentials) return { kind: 'uri', host };
  const { username, password } = credentials;
  return { kind: 'uri', host, credentials: { username: username ?? undefined, password } };
}

/** `repository`, `repository:tag` or `repository@digest`; the tag is `latest` when there is none. */
function readImage(image: string): ImportRequest['image'] {
  const at = image.indexOf('@');
  if (at === -1) {
    const { repository, tag } = readTagged(image);
    return { repository, reference: { tag: tag ?? latest } };
  }
  const digest = parseDigest(image.slice(at + 1));
  if (!digest) throw importInvalid(`'${image}' does not name an image: its digest is invalid.`);
  return { repository: readRepository(image.slice(0, at)), reference: { digest } };
}

const latest = 'latest' as Tag;

/** A target without a tag takes that of the source. */
function readTarget(target: string, sourceTag: Tag | undefined) {
  const { repository, tag = sourceTag ?? latest } = readTagged(target);
  return { repository, tags: [tag] };
}

function readTagged(text: string): { repository: Repository; tag?: Tag } {
  const [name = '', tagName, ...more] = text.split(':');
  const repository = readRepository(name);
  if (tagName === undefined) return { repository };
  const tag = parseTag(tagName);
  if (!tag || more.length > 0) throw importInvalid(`'${text}' does not name an image: its tag is invalid.`);
  return { repository, tag };
}

function readRepository(name: string): Repository {
  const repository = parseRepository(name);
  if (!repository) throw importInvalid(`'${name}' is not the name of a repository.`);
  return repository;
}
