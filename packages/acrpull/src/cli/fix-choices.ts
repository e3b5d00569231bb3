import type { Azure } from '../azure/azure.ts';
import { type Diagnosis, diagnoseSite, holds } from '../checks/diagnose.ts';
import { checks } from '../checks/index.ts';
import { Failure } from '../failure.ts';
import { requireScope } from '../remedies/aim.ts';
import { findIdentity, withGrantsOf } from '../remedies/find-identity.ts';
import type { Wishes } from '../remedies/plan.ts';

/** The options of `fix` that say what is to be planned. */
export interface ChoiceOptions {
  only?: string[];
  identity?: string;
  scope?: string;
  removeCredentials?: boolean;
  wait: number;
}

/** What is to be planned for, with what the options name looked up. */
export async function withChoices(
  azure: Azure,
  diagnoses: Diagnosis[],
  { identity, scope, only, removeCredentials, wait }: ChoiceOptions,
): Promise<[Diagnosis[], Wishes]> {
  const views = diagnoses.map(({ view }) => view);
  if (scope) requireScope(scope, views);
  const wishes: Wishes = { scope, only, removeCredentials, waitMs: wait * 1000 };
  if (!identity) return [diagnoses, wishes];
  const { snapshot } = views[0]!;
  const found = await findIdentity(azure, snapshot.app, identity);
  const more = await withGrantsOf(azure, snapshot, found);
  return [views.map(({ site }) => diagnoseSite(more, site)), { ...wishes, identity: found }];
}

/** Refuses the number of a check that there is not. They are in capitals. */
export function requireChecks(only: string[] = []): void {
  const unknown = only.find((wanted) => !checks.some(({ id }) => id.toUpperCase() === wanted));
  if (unknown) throw new Failure(`No check has the number ${unknown}.`, { next: 'acrpull doctor <app>' });
}

/** Whether what was asked for holds: all links of the sites, or what `--only` names. */
export function isMended(diagnoses: Diagnosis[], { only }: ChoiceOptions): boolean {
  if (!only) return diagnoses.every(holds);
  const findings = diagnoses.flatMap((it) => it.findings);
  return !findings.some(
    ({ check, verdict }) => verdict.status === 'fail' && only.includes(check.id.toUpperCase()),
  );
}
