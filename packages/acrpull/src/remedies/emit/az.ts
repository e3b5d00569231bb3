import { siteLabel, splitId, splitSiteId } from '../../azure/resource-id.ts';
import { apiVersions } from '../../azure/resource-manager.ts';
import { slotOf } from '../../pull-path/slots.ts';
import { shellWord } from '../../shell-word.ts';
import type { IdentityWrite } from '../writes/identity-write.ts';
import { type RoleAssignmentWrite, roleDefinitionId } from '../writes/role-assignment-write.ts';
import type { SiteConfigWrite } from '../writes/site-config-write.ts';
import {
  attachedBy,
  azRemoval,
  azSiteOptions,
  type Emit,
  isChange,
  newPrincipals,
  secondsToWait,
  symbolOf,
  writesOfKind,
} from './emit.ts';

/**
 * The plan as a script for `az`: identities, roles for them, and then what depends on them. It stops at the first
 * command that fails, and may be run again.
 */
export const emitAz: Emit = (plans) => {
  const seconds = secondsToWait(plans);
  const lines = [
    '#!/usr/bin/env bash',
    `# Lets ${plans.map(({ name }) => name).join(', ')} pull with a managed identity. Made by acrpull fix --emit az.`,
    'set -euo pipefail',
    ...writesOfKind(plans, 'identity').flatMap(attach),
    ...newPrincipals(plans).flatMap(showPrincipal),
    ...writesOfKind(plans, 'role-assignment').flatMap(grant),
    ...(seconds > 0
      ? [
          '',
          '# A site pulls today, and comes to depend on a new grant: Azure takes a while.',
          `sleep ${seconds}`,
        ]
      : []),
    ...writesOfKind(plans, 'site-config').flatMap(configure),
    ...writesOfKind(plans, 'app-settings').flatMap((write) => [
      '',
      `# ${siteLabel(write.site)}: last, and only when the pull with the identity is proven`,
      `acrpull verify ${write.site.split('/slots/')[0]} --slot ${slotOf(splitSiteId(write.site))} --azure --yes`,
      `${azRemoval(write)} -o none`,
    ]),
  ];
  return { code: `${lines.join('\n')}\n`, notes: [] };
};

const attach = (write: IdentityWrite): string[] => [
  '',
  `# ${siteLabel(write.site)}: what is attached stays`,
  `az webapp identity assign ${azSiteOptions(write.site)} --identities ${attachedBy(write)} -o none`,
];

const showPrincipal = (site: string): string[] => [
  `principal_${symbolOf(site)}=$(az webapp identity show ${azSiteOptions(site)} --query principalId -o tsv)`,
];

function grant(write: RoleAssignmentWrite): string[] {
  const { id, scope, role, principal, to } = write;
  const assignee = 'id' in principal ? principal.id : `"$principal_${symbolOf(principal.systemAssignedOf)}"`;
  if (isChange(write)) {
    // `az role assignment update` wants the whole assignment, and asks Graph for its principal.
    const properties = {
      roleDefinitionId: roleDefinitionId(scope, role),
      principalId: 'id' in principal ? principal.id : '',
      principalType: 'ServicePrincipal',
      ...(to?.condition && { condition: to.condition, conditionVersion: '2.0' }),
    };
    const url = `https://management.azure.com${id}?api-version=${apiVersions.authorization}`;
    return [
      '',
      `az rest --method put --url ${shellWord(url)} --body ${shellWord(JSON.stringify({ properties }))} -o none`,
    ];
  }
  const condition = to?.condition ? ` --condition ${shellWord(to.condition)} --condition-version 2.0` : '';
  const subscription = splitId(scope).subscriptionId;
  return [
    '',
    `# ${role.name}`,
    `az role assignment create --assignee-object-id ${assignee} --assignee-principal-type ServicePrincipal ` +
      `--role ${role.id} --scope ${shellWord(scope)}${condition}` +
      `${scope.startsWith('/subscriptions/') ? ` --subscription ${subscription}` : ''} -o none`,
  ];
}

function configure({ site, to }: SiteConfigWrite): string[] {
  const properties = Object.fromEntries(Object.entries(to).map(([name, value]) => [name, value ?? '']));
  return [
    '',
    `# ${siteLabel(site)}: this restarts it`,
    `az webapp config set ${azSiteOptions(site)} --generic-configurations ${shellWord(JSON.stringify(properties))} -o none`,
  ];
}
