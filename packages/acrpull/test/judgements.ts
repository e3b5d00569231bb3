import { expect } from 'vitest';
import { diagnose } from '../src/checks/diagnose.ts';
import { type Changes, snapshotOf } from './snapshots.ts';

/** What is found of the first site, such as `B2 fail`, and its first broken link. */
export type Judgement = [findings: string[], firstBroken: string | undefined];

/** A row of a table of judgements. */
export type Row = [name: string, changes: Changes, ...Judgement];

export function judge(changes: Changes, site = 0): Judgement {
  const { findings, firstBroken } = diagnose(snapshotOf(changes))[site]!;
  return [findings.map(({ check, verdict }) => `${check.id} ${verdict.status}`), firstBroken];
}

/** Expects the findings and no others; and of each that there is evidence, and something to do. */
export function expectJudgement(changes: Changes, ...[findings, firstBroken]: Judgement): void {
  expect(judge(changes)).toEqual([findings, firstBroken]);
  for (const { check, verdict, view } of diagnose(snapshotOf(changes))[0]!.findings) {
    if (verdict.status === 'unknown') {
      expect(verdict.because.message).not.toBe('');
      continue;
    }
    expect(verdict.evidence.length, check.id).toBeGreaterThan(0);
    for (const { property, value, resource } of verdict.evidence) {
      for (const text of [property, value, resource]) expect(text, check.id).not.toMatch(/^$|undefined/);
    }
    for (const { commands, bicep, terraform } of check.remedies) {
      for (const text of [...commands(view), bicep(view), terraform(view)]) {
        expect(text, check.id).not.toMatch(/^$|undefined|null/);
      }
    }
  }
}
