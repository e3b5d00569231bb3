/** Reads each thing once, also when it is asked for again while the first reading is under way. */
export interface Once<K, T> {
  (what: K): Promise<T>;
  /** All that was asked for so far, by key. */
  all(): Promise<Record<string, T>>;
}

export function once<K, T>(read: (what: K) => Promise<T>, keyOf: (what: K) => string = String): Once<K, T> {
  const readings = new Map<string, Promise<T>>();
  const ask = (what: K) => {
    const key = keyOf(what);
    let reading = readings.get(key);
    if (!reading) {
      reading = read(what);
      // Whoever awaits it later gets the error; until then it must not count as unhandled.
      reading.catch(() => {});
      readings.set(key, reading);
    }
    return reading;
  };
  const all = async () => {
    const read = [...readings].map(async ([key, reading]) => [key, await reading] as const);
    return Object.fromEntries(await Promise.all(read));
  };
  return Object.assign(ask, { all });
}
