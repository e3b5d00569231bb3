/** Choices that a seed repeats. */
export function createRandom(seed) {
  let state = seed | 0;
  // mulberry32 of Tommy Ettinger, public domain.
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const below = (n) => Math.floor(next() * n);
  const pick = (list) => list[below(list.length)];
  const text = (alphabet, length) => Array.from({ length }, () => alphabet[below(alphabet.length)]).join('');
  return {
    below,
    pick,
    text,
    chance: (share) => next() < share,
    /** One of `items`, each as likely as its `weight`. */
    weighted(items) {
      let left = next() * items.reduce((sum, { weight }) => sum + weight, 0);
      for (const item of items) {
        left -= item.weight;
        if (left < 0) return item;
      }
      return items.at(-1);
    },
    bytes(length) {
      const piece = Buffer.from(text('0123456789abcdef', Math.min(length, 64)));
      return Buffer.alloc(length, piece.length > 0 ? piece : undefined);
    },
    hex: (length) => text('0123456789abcdef', length),
  };
}
