/** How many requests at once, and how many more a second. */
export interface BucketLimit {
  size: number;
  refillPerSecond: number;
}

/** What is left, and when that was. A bucket that is not there yet is full. */
export interface Bucket {
  tokens: number;
  at: number;
}

/** The bucket as it has been refilled until `now`, in milliseconds. A clock that is set back refills nothing. */
export function refill(
  { size, refillPerSecond }: BucketLimit,
  bucket: Bucket | undefined,
  now: number,
): Bucket {
  if (!bucket) return { tokens: size, at: now };
  const seconds = Math.max(0, now - bucket.at) / 1000;
  return { tokens: Math.min(size, bucket.tokens + seconds * refillPerSecond), at: Math.max(now, bucket.at) };
}

/** Whole seconds until a refilled bucket has a token; 0 when it has one. */
export const secondsUntilToken = ({ refillPerSecond }: BucketLimit, { tokens }: Bucket): number =>
  tokens >= 1 ? 0 : Math.ceil((1 - tokens) / refillPerSecond);
