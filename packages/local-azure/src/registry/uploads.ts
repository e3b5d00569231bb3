import type { IncomingMessage } from 'node:http';
import { append } from './blob-store.ts';
import { chunkOutOfOrder, digestInvalid, sizeInvalid, uploadInvalid } from './errors.ts';
import {
  type Algorithm,
  type Digest,
  parseAlgorithm,
  parseDigest,
  parseRepository,
  type Repository,
} from './names.ts';
import { allows } from './permissions.ts';
import { parseChunkRange } from './range.ts';
import { placeOf, type RegistryRequest, type RouteOf, type Stores, sendEmpty } from './request.ts';
import type { Session, UploadSessions } from './upload-sessions.ts';

type StartRequest = RegistryRequest<RouteOf<'uploads'>>;
type SessionRequest = RegistryRequest<RouteOf<'upload'>>;

/** Handlers of blob uploads. Source: distribution-spec "Pushing blobs". */
export interface Uploads {
  start(call: StartRequest): Promise<void>;
  status(call: SessionRequest): void;
  patch(call: SessionRequest): Promise<void>;
  finish(call: SessionRequest): Promise<void>;
  cancel(call: SessionRequest): Promise<void>;
}

export function createUploads({ content, blobs }: Stores, sessions: UploadSessions): Uploads {
  const find = (call: SessionRequest) => sessions.find(placeOf(call), call.route.session);

  /** Appends the request's body. What arrived before a client broke off stays, so that it can go on from there. */
  async function receive(session: Session, request: IncomingMessage): Promise<void> {
    const { draft } = session;
    const expected = expectedLength(session, request);
    const before = draft.size;
    // An error must not destroy the request: its answer goes over the same connection.
    await append(draft, request.iterator({ destroyOnReturn: false }));
    if (expected !== undefined && draft.size - before !== expected) {
      await sessions.drop(session);
      throw sizeInvalid('the body is not as long as its Content-Range says');
    }
  }

  async function commit(session: Session, digest: Digest): Promise<void> {
    sessions.end(session);
    const { place, draft } = session;
    if (!(await blobs.commit(draft, digest, () => content.addBlob(place, digest, draft.size)))) {
      throw digestInvalid('provided digest did not match uploaded content');
    }
  }

  /** Makes a blob of another repository visible here too. False when there is none that the caller may pull from. */
  function mount(call: StartRequest, digest: Digest): boolean {
    const place = placeOf(call);
    for (const repository of mountSources(call, digest)) {
      const source = { ...place, repository };
      if (content.repositoryAttributes(source)?.readEnabled === false) continue;
      const size = content.blobSize(source, digest);
      if (size === undefined) continue;
      content.addBlob(place, digest, size);
      return true;
    }
    return false;
  }

  /** Without `from`, the registry looks for the blob itself: where the caller may see it, and nowhere else. */
  function mountSources({ facts, query, caller }: StartRequest, digest: Digest): Repository[] {
    const from = mountSource(query);
    if (from || query.has('from')) return from ? [from] : [];
    return content
      .repositoriesWith(facts.loginServer, digest)
      .filter((name) => allows(caller!.rights, { type: 'repository', name, actions: ['pull'] }));
  }

  return {
    async start(call) {
      const { query, request, response } = call;
      const place = placeOf(call);
      const mounted = optionalDigest(query, 'mount');
      if (mounted && mount(call, mounted)) {
        return sendEmpty(response, 201, created(place.repository, mounted));
      }
      const digest = optionalDigest(query, 'digest');
      const session = await sessions.open(place, algorithmFor(query));
      if (!digest) return sendEmpty(response, 202, progress(session));
      await sessions
        .exclusively(session, request, () => receive(session, request))
        .catch(async (error) => {
          await sessions.drop(session);
          throw error;
        });
      await commit(session, digest);
      sendEmpty(response, 201, created(place.repository, digest));
    },

    status(call) {
      sendEmpty(call.response, 204, progress(find(call)));
    },

    async patch(call) {
      const session = find(call);
      await sessions.exclusively(session, call.request, () => receive(session, call.request));
      sendEmpty(call.response, 202, progress(session));
    },

    async finish(call) {
      const session = find(call);
      const digest = optionalDigest(call.query, 'digest');
      if (!digest) throw digestInvalid('digest parameter missing');
      await sessions.exclusively(session, call.request, async () => {
        await receive(session, call.request);
        await commit(session, digest);
      });
      sendEmpty(call.response, 201, created(session.place.repository, digest));
    },

    async cancel(call) {
      const session = find(call);
      await sessions.exclusively(session, call.request, () => sessions.drop(session));
      sendEmpty(call.response, 204);
    },
  };
}

/** The repository that a mount names to take its blob from. */
export const mountSource = (query: URLSearchParams): Repository | undefined =>
  parseRepository(query.get('from') ?? '');

function algorithmFor(query: URLSearchParams): Algorithm {
  const name = query.get('digest-algorithm') ?? 'sha256';
  const algorithm = parseAlgorithm(name);
  if (!algorithm) throw digestInvalid(`unsupported digest algorithm "${name}"`);
  return algorithm;
}

function optionalDigest(query: URLSearchParams, name: string): Digest | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  const digest = parseDigest(text);
  if (!digest) throw digestInvalid(`invalid digest "${text}"`);
  return digest;
}

/** The length that a chunk's `Content-Range` announces; undefined when it announces none. */
function expectedLength(session: Session, request: IncomingMessage): number | undefined {
  const header = request.headers['content-range'];
  if (header === undefined) return undefined;
  const range = parseChunkRange(header);
  if (!range) throw uploadInvalid(`invalid Content-Range "${header}"`);
  if (range.start !== session.draft.size) throw chunkOutOfOrder(progress(session));
  const length = range.end - range.start + 1;
  const announced = request.headers['content-length'];
  if (announced !== undefined && Number(announced) !== length) {
    throw sizeInvalid('Content-Length and Content-Range differ');
  }
  return length;
}

const progress = ({ id, place, draft }: Session) => ({
  location: `/v2/${place.repository}/blobs/uploads/${id}`,
  range: `0-${Math.max(0, draft.size - 1)}`,
  'docker-upload-uuid': id,
});

const created = (repository: Repository, digest: Digest) => ({
  location: `/v2/${repository}/blobs/${digest}`,
  'docker-content-digest': digest,
});
