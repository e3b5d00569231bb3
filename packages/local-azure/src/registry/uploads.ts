import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Clock } from '../clock.ts';
import { append, type Draft } from './blob-store.ts';
import type { Place } from './content.ts';
import {
  chunkOutOfOrder,
  digestInvalid,
  sizeInvalid,
  uploadBusy,
  uploadInvalid,
  uploadUnknown,
} from './errors.ts';
import { type Digest, parseAlgorithm, parseDigest, parseRepository, type Repository } from './names.ts';
import { parseChunkRange } from './range.ts';
import { placeOf, type RegistryRequest, type RouteOf, type Stores, sendEmpty } from './request.ts';

/** A push of one blob, from POST to the closing PUT. Lives in memory: it ends with the process. */
interface Session {
  id: string;
  place: Place;
  draft: Draft;
  busy: boolean;
  touchedOn: number;
}

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

/** An upload that nobody continued for this long is given up. */
const idleLimit = 24 * 60 * 60 * 1000;

export function createUploads({ content, blobs }: Stores, clock: Clock): Uploads {
  const sessions = new Map<string, Session>();

  async function open(place: Place, algorithmName: string | null): Promise<Session> {
    const algorithm = parseAlgorithm(algorithmName ?? 'sha256');
    if (!algorithm) throw digestInvalid(`unsupported digest algorithm "${algorithmName}"`);
    await giveUpIdle();
    const session = {
      id: randomUUID(),
      place,
      draft: blobs.newDraft(algorithm),
      busy: false,
      touchedOn: clock.now(),
    };
    sessions.set(session.id, session);
    return session;
  }

  function find(call: SessionRequest): Session {
    const session = sessions.get(call.route.session);
    const { registry, repository } = placeOf(call);
    if (session?.place.registry !== registry || session.place.repository !== repository)
      throw uploadUnknown();
    return session;
  }

  async function drop(session: Session): Promise<void> {
    sessions.delete(session.id);
    await blobs.discard(session.draft);
  }

  async function giveUpIdle(): Promise<void> {
    const idle = [...sessions.values()].filter((s) => !s.busy && clock.now() - s.touchedOn > idleLimit);
    await Promise.all(idle.map(drop));
  }

  /** Lets one request at a time write to a session. */
  async function exclusively<T>(session: Session, work: () => Promise<T>): Promise<T> {
    if (session.busy) throw uploadBusy();
    session.busy = true;
    try {
      return await work();
    } finally {
      session.busy = false;
      session.touchedOn = clock.now();
    }
  }

  /** Appends the request's body. What arrived before a client broke off stays, so that it can go on from there. */
  async function receive(session: Session, request: IncomingMessage): Promise<void> {
    const { draft } = session;
    const expected = expectedLength(session, request);
    const before = draft.size;
    // An error must not destroy the request: its answer goes over the same connection.
    await append(draft, request.iterator({ destroyOnReturn: false }));
    if (expected !== undefined && draft.size - before !== expected) {
      await drop(session);
      throw sizeInvalid('the body is not as long as its Content-Range says');
    }
  }

  async function commit(session: Session, digest: Digest): Promise<void> {
    sessions.delete(session.id);
    const { place, draft } = session;
    if (!(await blobs.commit(draft, digest))) {
      throw digestInvalid('provided digest did not match uploaded content');
    }
    content.addBlob(place, digest, draft.size);
  }

  /** Makes a blob of another repository visible here too. The caller has been found allowed to pull it. */
  function mount(place: Place, digest: Digest, from: Repository): boolean {
    const size = content.blobSize({ ...place, repository: from }, digest);
    if (size === undefined) return false;
    content.addBlob(place, digest, size);
    return true;
  }

  return {
    async start(call) {
      const { query, request, response } = call;
      const place = placeOf(call);
      const mounted = optionalDigest(query, 'mount');
      const from = mountSource(query);
      if (mounted && from && mount(place, mounted, from)) {
        return sendEmpty(response, 201, created(place.repository, mounted));
      }
      const digest = optionalDigest(query, 'digest');
      const session = await open(place, query.get('digest-algorithm'));
      if (!digest) return sendEmpty(response, 202, progress(session));
      await exclusively(session, () => receive(session, request)).catch(async (error) => {
        await drop(session);
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
      await exclusively(session, () => receive(session, call.request));
      sendEmpty(call.response, 202, progress(session));
    },

    async finish(call) {
      const session = find(call);
      const digest = optionalDigest(call.query, 'digest');
      if (!digest) throw digestInvalid('digest parameter missing');
      await exclusively(session, async () => {
        await receive(session, call.request);
        await commit(session, digest);
      });
      sendEmpty(call.response, 201, created(session.place.repository, digest));
    },

    async cancel(call) {
      const session = find(call);
      await exclusively(session, () => drop(session));
      sendEmpty(call.response, 204);
    },
  };
}

/** The repository that a mount takes its blob from. Mounting from a repository that is not named is not offered. */
export const mountSource = (query: URLSearchParams): Repository | undefined =>
  parseRepository(query.get('from') ?? '');

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
