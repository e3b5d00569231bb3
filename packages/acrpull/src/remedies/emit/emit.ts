import { siteLabel, splitId, splitSiteId } from '../../azure/resource-id.ts';
import { shellWord } from '../../shell-word.ts';
import { type Plan, writesOf } from '../plan.ts';
import type { AppSettingsRemoval } from '../writes/app-settings-removal.ts';
import type { IdentityWrite } from '../writes/identity-write.ts';
import { writeKey } from '../writes/index.ts';
import type { RoleAssignmentWrite } from '../writes/role-assignment-write.ts';
import type { Write } from '../writes/write.ts';

/** A plan as code. */
export interface Emitted {
  code: string;
  /** What the code cannot say, or what has to go before it, for a person. */
  notes: string[];
}

export type Emit = (plans: Plan[]) => Emitted;

type Kind = Write['kind'];

/** The writes of one kind, each once. */
export function writesOfKind<K extends Kind>(plans: Plan[], kind: K): Extract<Write, { kind: K }>[] {
  const writes = plans.flatMap(writesOf).filter((write) => write.kind === kind);
  return [...new Map(writes.map((write) => [writeKey(write), write])).values()] as Extract<
    Write,
    { kind: K }
  >[];
}

/** The sites that get a system-assigned identity, whose principal nobody knows before. */
export const newPrincipals = (plans: Plan[]): string[] =>
  writesOfKind(plans, 'role-assignment').flatMap(({ principal }) =>
    'systemAssignedOf' in principal ? [principal.systemAssignedOf] : [],
  );

/** What stands for a site in names of variables, parameters and resources: `hoge_app_staging`. */
export const symbolOf = (siteId: string): string => siteLabel(siteId).replace(/\W/g, '_').toLowerCase();

/** The options that name a site to `az webapp`, whatever subscription is chosen. */
export function azSiteOptions(siteId: string): string {
  const { subscriptionId, resourceGroup } = splitId(siteId);
  const { app, slot } = splitSiteId(siteId);
  return `--subscription ${subscriptionId} -g ${resourceGroup} -n ${app}${slot ? ` --slot ${slot}` : ''}`;
}

/** What a write attaches to a site, as `az webapp identity assign --identities` takes it. */
export const attachedBy = ({ from, to }: IdentityWrite): string => {
  const attached = to.ids.filter((id) => !from.ids.includes(id));
  return [...(to.system && !from.system ? ['[system]'] : []), ...attached].map(shellWord).join(' ');
};

/** The command that takes app settings away. */
export const azRemoval = ({ site, remove }: AppSettingsRemoval): string =>
  `az webapp config appsettings delete ${azSiteOptions(site)} --setting-names ${remove.join(' ')}`;

/** What has to wait for a proof, which no declaration can. */
export const removalNotes = (plans: Plan[]): string[] =>
  writesOfKind(plans, 'app-settings').map(
    (write) => `Last, when acrpull verify has proven the pull: ${azRemoval(write)}`,
  );

/** How long to wait between the grants and what depends on them, in seconds; 0 when nothing pulls today. */
export function secondsToWait(plans: Plan[]): number {
  if (writesOfKind(plans, 'role-assignment').length === 0) return 0;
  return Math.ceil(Math.max(0, ...plans.map(({ wait }) => wait?.ms ?? 0)) / 1000);
}

/** A role assignment that is there, and gets another condition. */
export const isChange = ({ from, to }: RoleAssignmentWrite): boolean => from !== null && to !== null;
