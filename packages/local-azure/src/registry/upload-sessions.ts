import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Clock } from '../clock.ts';
import type { BlobStore, Draft } from './blob-store.ts';
import type { Place } from './content.ts';
import { uploadBusy, uploadUnknown } from './errors.ts';
import type { Algorithm } from './names.ts';

/** A push of one blob, from POST to the closing PUT. Lives in memory: it ends with the process. */
export interface Session {
  readonly id: string;
  readonly place: Place;
  readonly draft: Draft;
}

export interface UploadSessions {
  open(place: Place, algorithm: Algorithm): Promise<Session>;
  /** Throws when there is no such session in this place. */
  find(place: Place, id: string): Session;
  /** Lets one request at a time write to a session. */
  exclusively<T>(session: Session, request: IncomingMessage, work: () => Promise<T>): Promise<T>;
  /** Ends the session, and leaves its draft to the caller. Throws when it has been dropped meanwhile. */
  end(session: Session): void;
  /** Ends the session, and throws away what has arrived. */
  drop(session: Session): Promise<void>;
  /** Drops everything, and breaks off who is sending. */
  dropAll(): Promise<void>;
  /** Drops what nobody has continued for a day, and breaks off who has sent nothing for as long. */
  dropIdle(): Promise<void>;
}

interface State extends Session {
  /** The request that is sending. */
  writer?: IncomingMessage | undefined;
  touchedOn: number;
  /** The draft's size when somebody last looked. */
  seenSize: number;
}

const idleLimit = 24 * 60 * 60 * 1000;

/**
 * How many uploads a registry may have open. One more, and the one that nobody has continued for longest is dropped,
 * as a registry may do at any time: clients then begin anew. A pushing client has about five of them.
 */
export const openLimit = 1000;

export function createUploadSessions(blobs: BlobStore, clock: Clock): UploadSessions {
  const sessions = new Map<string, State>();

  async function drop(session: Session): Promise<void> {
    sessions.delete(session.id);
    await blobs.discard(session.draft);
  }

  async function breakOff(session: State): Promise<void> {
    session.writer?.destroy();
    await drop(session);
  }

  /** The session of the registry that waits for longest, when there are as many as there may be. */
  function surplus(registry: string): State | undefined {
    if (sessions.size < openLimit) return undefined;
    const open = [...sessions.values()].filter(({ place }) => place.registry === registry);
    if (open.length < openLimit) return undefined;
    const waiting = open.filter(({ writer }) => !writer);
    return waiting.reduce<State | undefined>(
      (oldest, each) => (oldest && oldest.touchedOn <= each.touchedOn ? oldest : each),
      undefined,
    );
  }

  return {
    async open(place, algorithm) {
      const old = surplus(place.registry);
      if (old) await drop(old);
      const session = {
        id: randomUUID(),
        place,
        draft: blobs.newDraft(algorithm),
        touchedOn: clock.now(),
        seenSize: 0,
      };
      sessions.set(session.id, session);
      return session;
    },

    find({ registry, repository }, id) {
      const session = sessions.get(id);
      if (session?.place.registry !== registry || session.place.repository !== repository)
        throw uploadUnknown();
      return session;
    },

    async exclusively(session, request, work) {
      const state = sessions.get(session.id);
      if (!state) throw uploadUnknown();
      if (state.writer) throw uploadBusy();
      state.writer = request;
      try {
        return await work();
      } finally {
        state.writer = undefined;
        state.touchedOn = clock.now();
      }
    },

    end(session) {
      if (!sessions.delete(session.id)) throw uploadUnknown();
    },
    drop,

    async dropAll() {
      await Promise.all([...sessions.values()].map(breakOff));
    },

    async dropIdle() {
      for (const session of sessions.values()) {
        if (session.writer && session.draft.size > session.seenSize) {
          session.seenSize = session.draft.size;
          session.touchedOn = clock.now();
        }
        if (clock.now() - session.touchedOn > idleLimit) await breakOff(session);
      }
    },
  };
}
