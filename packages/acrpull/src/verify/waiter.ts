/**
 * Reads an endless source in the background and hands its values out one by one, with a deadline: an async iterator
 * alone cannot be waited for with a time limit without losing the value that comes too late.
 */
export class Waiter<T> {
  #values: T[] = [];
  #ended = false;
  #failure: unknown;
  #wake = () => {};

  constructor(source: AsyncIterable<T>) {
    void this.#read(source);
  }

  async #read(source: AsyncIterable<T>) {
    try {
      for await (const value of source) {
        this.#values.push(value);
        this.#wake();
      }
    } catch (error) {
      this.#failure = error;
    } finally {
      this.#ended = true;
      this.#wake();
    }
  }

  /** The next value; `timeout` when none came before `deadline` (ms since the epoch). Throws what the source threw. */
  async next(deadline: number): Promise<{ value: T } | 'timeout' | 'ended'> {
    for (;;) {
      if (this.#values.length > 0) return { value: this.#values.shift()! };
      if (this.#failure) throw this.#failure;
      if (this.#ended) return 'ended';
      const remaining = deadline - Date.now();
      if (remaining <= 0) return 'timeout';
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, remaining);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  /** Waits for a value that satisfies `wanted`; whether it came before the deadline. */
  async until(wanted: (value: T) => boolean, deadline: number): Promise<boolean> {
    for (;;) {
      const next = await this.next(deadline);
      if (next === 'timeout' || next === 'ended') return false;
      if (wanted(next.value)) return true;
    }
  }

  /** Forgets the values that have come so far. */
  discard(): void {
    this.#values = [];
  }
}
