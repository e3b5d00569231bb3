/** What a visitor is answered on: a response, or the socket of an upgrade. */
interface Connection {
  readonly closed: boolean;
  once(event: 'close', listener: () => void): unknown;
}

/** Who is being served by a container, so that it can be left before it is stopped. */
export interface Visitors {
  /** Counts a visitor in, until his connection closes. */
  enter(connection: Connection): void;
  present(): boolean;
  /** Resolves when nobody is there. */
  gone(): Promise<void>;
}

export function createVisitors(): Visitors {
  let count = 0;
  const waiting: (() => void)[] = [];
  return {
    enter(connection) {
      if (connection.closed) return;
      count += 1;
      connection.once('close', () => {
        count -= 1;
        if (count === 0) for (const go of waiting.splice(0)) go();
      });
    },
    present: () => count > 0,
    gone: () => (count === 0 ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve))),
  };
}
