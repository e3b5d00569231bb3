import { splitSiteId } from '../../azure/resource-id.ts';
import { apiVersions } from '../../azure/resource-manager.ts';
import { identityType } from '../site-code.ts';
import type { IdentityWrite } from '../writes/identity-write.ts';
import { type RoleAssignmentWrite, roleDefinitionId } from '../writes/role-assignment-write.ts';
import type { SiteConfigWrite } from '../writes/site-config-write.ts';
import { type Emit, isChange, removalNotes, secondsToWait, symbolOf, writesOfKind } from './emit.ts';

/**
 * The plan as Terraform. Sites belong to whoever declares them, so they are changed in part, by
 * `azapi_update_resource`.
 * Source: registry.terraform.io/providers/Azure/azapi, "update_resource"
 */
export const emitTerraform: Emit = (plans) => {
  const grants = writesOfKind(plans, 'role-assignment');
  const configs = writesOfKind(plans, 'site-config');
  const seconds = secondsToWait(plans);
  const blocks = [
    `# Lets ${plans.map(({ name }) => name).join(', ')} pull with a managed identity. Made by acrpull fix --emit terraform.`,
    providers(seconds > 0),
    ...writesOfKind(plans, 'identity').map(identity),
    ...grants.map(grant),
    ...(seconds > 0 ? [wait(seconds, grants.length)] : []),
    ...configs.map((write) => config(write, grants.length, seconds > 0)),
  ];
  return { code: `${blocks.join('\n\n')}\n`, notes: notes(plans) };
};

const providers = (waits: boolean): string => `terraform {
  required_providers {
    azapi   = { source = "Azure/azapi" }
    azurerm = { source = "hashicorp/azurerm" }${waits ? '\n    time    = { source = "hashicorp/time" }' : ''}
  }
}`;

/** The identities that are attached stay in the list: what is left out is taken off. */
function identity({ site, to }: IdentityWrite): string {
  const ids = to.ids.map((id) => `${text(id)} = {}`).join(', ');
  return `resource "azapi_update_resource" "identity_${symbolOf(site)}" {
  type        = "${splitSiteId(site).type}@${apiVersions.web}"
  resource_id = ${text(site)}
  body = {
    identity = {
      type = ${text(identityType(to))}${ids && `\n      userAssignedIdentities = { ${ids} }`}
    }
  }
  response_export_values = ["identity.principalId"]
}`;
}

function grant(write: RoleAssignmentWrite, index: number): string {
  const { id, scope, role, principal, to } = write;
  const name = `pull_${index + 1}`;
  const principalId =
    'id' in principal
      ? text(principal.id)
      : `azapi_update_resource.identity_${symbolOf(principal.systemAssignedOf)}.output.identity.principalId`;
  const condition = to?.condition
    ? `\n  condition          = ${text(to.condition)}\n  condition_version  = "2.0"`
    : '';
  const adopt = isChange(write)
    ? `import {\n  to = azurerm_role_assignment.${name}\n  id = ${text(id!)}\n}\n\n`
    : '';
  return `${adopt}# ${role.name}
resource "azurerm_role_assignment" "${name}" {
  scope              = ${text(scope)}
  role_definition_id = ${text(roleDefinitionId(scope, role))}
  principal_id       = ${principalId}
  principal_type     = "ServicePrincipal"${condition}
}`;
}

const grantsUpTo = (count: number): string =>
  Array.from({ length: count }, (_, index) => `azurerm_role_assignment.pull_${index + 1}`).join(', ');

const wait = (
  seconds: number,
  grants: number,
): string => `# A site pulls today, and comes to depend on a new grant: Azure takes a while.
resource "time_sleep" "grant" {
  create_duration = "${seconds}s"
  depends_on      = [${grantsUpTo(grants)}]
}`;

function config({ site, to }: SiteConfigWrite, grants: number, waits: boolean): string {
  const lines = Object.entries(to).map(([name, value]) => `      ${name} = ${JSON.stringify(value ?? '')}`);
  const after = waits ? 'time_sleep.grant' : grantsUpTo(grants);
  return `resource "azapi_update_resource" "config_${symbolOf(site)}" {
  type        = "${splitSiteId(site).type}/config@${apiVersions.web}"
  resource_id = ${text(`${site}/config/web`)}
  body = {
    properties = {
${lines.join('\n')}
    }
  }${after && `\n  depends_on = [${after}]`}
}`;
}

const notes = (plans: Parameters<Emit>[0]): string[] => [
  'Where Terraform declares a site, write it there instead: identity { … }, and in site_config container_registry_use_managed_identity.',
  ...removalNotes(plans),
];

/** Source: developer.hashicorp.com/terraform/language/expressions/strings "Escape sequences" */
const text = (given: string): string =>
  JSON.stringify(given)
    .replaceAll('${', () => '$${')
    .replaceAll('%{', () => '%%{');
