/** Both ends included. */
export interface ByteRange {
  start: number;
  end: number;
}

/**
 * The one range of a `Range` header that a body of `size` bytes can answer. `whole` when there is no header, or one
 * to be ignored (another unit, several ranges, malformed); `unsatisfiable` when it lies past the end or backwards.
 * Source: RFC 9110, sections 14.1.2 and 14.2.
 */
export function parseRange(header: string | undefined, size: number): ByteRange | 'whole' | 'unsatisfiable' {
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? [];
  if (first === '' && last === '') return 'whole';
  if (first === '') {
    const length = Math.min(Number(last), size);
    return length === 0 ? 'unsatisfiable' : { start: size - length, end: size - 1 };
  }
  const start = Number(first);
  const end = last === '' ? size - 1 : Math.min(Number(last), size - 1);
  return start >= size || end < start ? 'unsatisfiable' : { start, end };
}

/** The `Content-Range` of a chunk: `0-1023`, where HTTP would write `bytes 0-1023/*`. Undefined when malformed. */
export function parseChunkRange(header: string): ByteRange | undefined {
  const [, first, last] = /^(\d{1,15})-(\d{1,15})$/.exec(header) ?? [];
  if (first === undefined || Number(last) < Number(first)) return undefined;
  return { start: Number(first), end: Number(last) };
}
