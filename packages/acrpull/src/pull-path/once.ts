/** Reads each thing once, also when it is asked for again while the first reading is under way. */
export function once<K, T>(
  read: (what: K) => Promise<T>,
  keyOf: (what: K) => string = String,
): (what: K) => Promise<T> {
  const readings = new Map<string, Promise<T>>();
  return (what) => {
    const key = keyOf(what);
    const reading = readings.get(key) ?? read(what);
    readings.set(key, reading);
    return reading;
  };
}
