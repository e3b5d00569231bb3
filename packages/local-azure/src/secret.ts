import { createHash, timingSafeEqual } from 'node:crypto';

/** Compares in a time that tells nothing about either. */
export const sameSecret = (a: string, b: string): boolean => timingSafeEqual(sha256(a), sha256(b));

/** What is stored of a secret. One round of SHA-256 is enough for one that is random: there is nothing to guess. */
export const hashSecret = (secret: string): string => sha256(secret).toString('hex');

const sha256 = (text: string) => createHash('sha256').update(text).digest();
