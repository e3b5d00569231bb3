import { createHash } from 'node:crypto';

/** The digest of a blob. */
export const sha256 = (content: Uint8Array | string) =>
  `sha256:${createHash('sha256').update(content).digest('hex')}`;
