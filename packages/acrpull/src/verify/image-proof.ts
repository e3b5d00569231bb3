import type { Diagnosis } from '../checks/diagnose.ts';
import type { Outcome } from './outcome.ts';

type Serving = Extract<Outcome, { kind: 'serving' }>;

/**
 * Whether a site that serves has pulled the image that was expected. By the log's digest; where the log names none, by
 * the registry's, which counts when the tag led to the same image before and after the pull. Pure.
 */
export function checkImage(
  serving: Serving,
  expected: string,
  before: Diagnosis,
  after: Diagnosis | undefined,
): { outcome: Outcome; open: string[] } {
  const digest = serving.digest ?? registryDigest(before, after);
  if (digest === undefined) {
    return {
      outcome: serving,
      open: [
        'which image it is: the log names no digest, and the registry’s could not be read, or has changed',
      ],
    };
  }
  return digest === expected
    ? { outcome: serving, open: [] }
    : { outcome: { kind: 'other-image', digest, expected }, open: [] };
}

function registryDigest(before: Diagnosis, after: Diagnosis | undefined): string | undefined {
  const [first, second] = [before, after].map((diagnosis) => {
    const manifest = diagnosis?.view.manifest;
    return manifest?.known ? manifest.value?.digest : undefined;
  });
  return first === second ? first : undefined;
}
