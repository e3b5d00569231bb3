import { StringDecoder } from 'node:string_decoder';

/** A line without an end must not fill the memory; Docker's own log drivers cut at this length too. */
const longestLine = 16 * 1024;

export interface LineSplitter {
  write(chunk: Uint8Array): void;
  /** The output has ended: what is left is a line as well. */
  end(): void;
}

/** Cuts a stream of bytes into lines of text, whatever the borders of its chunks. */
export function splitLines(onLine: (line: string) => void): LineSplitter {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  const emit = (line: string) => onLine(line.endsWith('\r') ? line.slice(0, -1) : line);
  return {
    write(chunk) {
      const lines = (
        rest + decoder.write(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength))
      ).split('\n');
      rest = lines.pop() ?? '';
      lines.forEach(emit);
      for (; rest.length > longestLine; rest = rest.slice(longestLine)) emit(rest.slice(0, longestLine));
    },
    end() {
      rest += decoder.end();
      if (rest !== '') emit(rest);
      rest = '';
    },
  };
}
