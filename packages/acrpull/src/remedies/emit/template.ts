import { siteLabel, splitId, splitSiteId } from '../../azure/resource-id.ts';
import { apiVersions } from '../../azure/resource-manager.ts';
import { Failure } from '../../failure.ts';
import type { Plan } from '../plan.ts';
import { identityType } from '../site-code.ts';
import {
  assignmentName,
  type RoleAssignmentWrite,
  roleDefinitionId,
} from '../writes/role-assignment-write.ts';
import type { SiteConfigWrite } from '../writes/site-config-write.ts';
import {
  attachedBy,
  azSiteOptions,
  newPrincipals,
  removalNotes,
  secondsToWait,
  symbolOf,
  writesOfKind,
} from './emit.ts';

/** What ARM templates and Bicep files both say: role assignments, and what depends on them. */
export interface Template {
  parameters: { name: string; description: string }[];
  assignments: AssignmentResource[];
  configs: { symbol: string; app: string; slot: string | undefined; properties: object }[];
  notes: string[];
}

export interface AssignmentResource {
  symbol: string;
  name: Value;
  scope: Scope;
  properties: { [name: string]: Value };
}

/** A text, or what is made of a parameter. */
export type Value = string | { parameter: string } | { guid: (string | { parameter: string })[] };

/** In the group that is deployed to, or in another one: then by a deployment of its own. */
export interface Scope {
  subscriptionId: string;
  resourceGroup: string;
  isElsewhere: boolean;
  /** Undefined: the group itself. */
  resource: { type: string; name: string } | undefined;
}

/**
 * A template declares resources as a whole. To declare a site only to attach an identity would reset what the template
 * does not know of it (Azure/bicep issue 13282), so that is left to the owner of its declaration, or to az; the flag is
 * in `config/web`, which keeps what a write leaves out. What only the attached identity knows is a parameter.
 */
export function templateOf(plans: Plan[], format: string): Template {
  const writes = writesOfKind(plans, 'role-assignment');
  const configs = writesOfKind(plans, 'site-config');
  const group = [...configs, ...writesOfKind(plans, 'identity')].map(({ site }) => splitId(site))[0];
  return {
    parameters: newPrincipals(plans).map((site) => ({
      name: parameterOf(site),
      description: `az webapp identity show ${azSiteOptions(site)} --query principalId -o tsv`,
    })),
    assignments: writes.map((write, index) => assignment(write, index, group, format)),
    configs: configs.map(config),
    notes: notesOf(plans),
  };
}

const parameterOf = (site: string): string => `principal_${symbolOf(site)}`;

function assignment(
  { id, scope, role, principal, to }: RoleAssignmentWrite,
  index: number,
  group: { subscriptionId: string; resourceGroup: string } | undefined,
  format: string,
): AssignmentResource {
  const principalId =
    'id' in principal ? principal.id : { parameter: parameterOf(principal.systemAssignedOf) };
  const given = id?.split('/').at(-1);
  return {
    symbol: `pull${index + 1}`,
    name:
      given ??
      (typeof principalId === 'string'
        ? assignmentName(scope, principalId, role.id)
        : { guid: [scope, principalId, role.id] }),
    scope: scopeOf(scope, group, format),
    properties: {
      roleDefinitionId: roleDefinitionId(scope, role),
      principalId,
      principalType: 'ServicePrincipal',
      ...(to?.condition && { condition: to.condition, conditionVersion: '2.0' }),
    },
  };
}

function scopeOf(
  scope: string,
  group: { subscriptionId: string; resourceGroup: string } | undefined,
  format: string,
): Scope {
  const { subscriptionId, resourceGroup } = splitId(scope);
  if (resourceGroup === '') {
    throw new Failure(
      `A template for a resource group cannot grant at a wider scope, so --emit ${format} cannot.`,
      {
        resource: scope,
        next: 'use --emit az or --emit terraform, or a scope within a resource group',
      },
    );
  }
  const parts = scope.split('/').slice(6);
  return {
    subscriptionId,
    resourceGroup,
    isElsewhere:
      group?.subscriptionId !== subscriptionId ||
      group?.resourceGroup.toLowerCase() !== resourceGroup.toLowerCase(),
    resource: parts.length > 0 ? { type: `${parts[0]}/${parts[1]}`, name: parts[2] ?? '' } : undefined,
  };
}

function config({ site, to }: SiteConfigWrite): Template['configs'][number] {
  const { app, slot } = splitSiteId(site);
  const properties = Object.fromEntries(Object.entries(to).map(([name, value]) => [name, value ?? '']));
  return { symbol: `config_${symbolOf(site)}`, app, slot, properties };
}

export const schema = 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#';

/** The version of `Microsoft.Authorization/roleAssignments` in templates. */
export const assignmentsVersion = apiVersions.authorization;

/**
 * A deployment to another group. Its expressions are evaluated by the template around it, which is the default:
 * learn.microsoft.com/azure/azure-resource-manager/templates/linked-templates "Expression evaluation scope".
 */
export const nested = (name: string, subscriptionId: string, resourceGroup: string, resource: object) => ({
  type: 'Microsoft.Resources/deployments',
  apiVersion: apiVersions.resources,
  name,
  subscriptionId,
  resourceGroup,
  properties: {
    mode: 'Incremental',
    template: {
      $schema: schema,
      contentVersion: '1.0.0.0',
      resources: [resource],
    },
  },
});

function notesOf(plans: Plan[]): string[] {
  const seconds = secondsToWait(plans);
  return [
    ...writesOfKind(plans, 'identity').flatMap((write) => [
      `First, since a template that declares ${siteLabel(write.site)} for this alone would reset the rest of it: ` +
        `az webapp identity assign ${azSiteOptions(write.site)} --identities ${attachedBy(write)}`,
      `  or, in your own declaration of it: identity.type: '${identityType(write.to)}'`,
    ]),
    ...(seconds > 0 ? [`A site pulls today: deploy the role assignments ${seconds} s before the rest.`] : []),
    ...removalNotes(plans),
  ];
}
