import { diagnose } from '../src/checks/diagnose.ts';
import { type VerifyOptions, verifySite } from '../src/verify/verify-site.ts';
import { digest, gaveUp, pulled, pulling, ready, starting, unauthorized } from './log-words.ts';
import { createScriptedAzure, type Script, type Start } from './scripted-azure.ts';
import { type Changes, grantOf, snapshotOf, takenOn } from './snapshots.ts';
import { createVirtualClock } from './virtual-clock.ts';

// verify on a scripted Azure, in no time, and starts that are made of the older worker's lines.

export const good: Start = [
  [1000, pulling],
  [2000, `INFO  -  Digest: ${digest}`],
  [2000, pulled],
  [2100, starting],
  [5000, ready],
];
export const refused: Start = [
  [1000, pulling],
  [2000, unauthorized],
  [2000, gaveUp],
];

export const diagnosisOf = (changes: Changes = {}) => diagnose(snapshotOf(changes))[0]!;

/** Granted so many seconds before the story begins, by Azure's clock. */
export const granted = (secondsAgo: number, skewMs = 0): Changes => ({
  grants: [grantOf({ createdOn: new Date(Date.parse(takenOn) + skewMs - secondsAgo * 1000).toISOString() })],
});

export async function verify(
  script: Script,
  options: Partial<VerifyOptions> = {},
  diagnosis = diagnosisOf(),
) {
  const clock = createVirtualClock();
  const { azure, calls } = createScriptedAzure(script, clock);
  const waits: string[] = [];
  const verified = await verifySite(azure, diagnosis, {
    timeoutMs: 900_000,
    signal: new AbortController().signal,
    clock,
    onWait: (waitsFor) => waits.push(waitsFor),
    readAgain: async () => diagnosis,
    ...options,
  });
  return { ...verified, calls, waits };
}
