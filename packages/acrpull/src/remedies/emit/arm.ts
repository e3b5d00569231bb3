import { apiVersions } from '../../azure/resource-manager.ts';
import type { Emit } from './emit.ts';
import {
  type AssignmentResource,
  assignmentsVersion,
  nested,
  schema,
  type Template,
  templateOf,
  type Value,
} from './template.ts';

/** The plan as an ARM template for the resource group of the app. */
export const emitArm: Emit = (plans) => {
  const template = templateOf(plans, 'arm');
  const document = {
    $schema: schema,
    contentVersion: '1.0.0.0',
    metadata: {
      description: `Lets ${plans.map(({ name }) => name).join(', ')} pull with a managed identity.`,
    },
    parameters: Object.fromEntries(
      template.parameters.map(({ name, description }) => [
        name,
        { type: 'string', metadata: { description } },
      ]),
    ),
    resources: [
      ...template.assignments.map(assignment),
      ...template.configs.map((it) => config(it, template)),
    ],
  };
  return { code: `${JSON.stringify(document, null, 2)}\n`, notes: template.notes };
};

function assignment({ symbol, name, scope, properties }: AssignmentResource): object {
  const { resource, isElsewhere, subscriptionId, resourceGroup } = scope;
  const role = {
    type: 'Microsoft.Authorization/roleAssignments',
    apiVersion: assignmentsVersion,
    name: expression(name),
    ...(resource && { scope: `${resource.type}/${resource.name}` }),
    properties: Object.fromEntries(
      Object.entries(properties).map(([key, value]) => [key, expression(value)]),
    ),
  };
  return isElsewhere ? nested(symbol, subscriptionId, resourceGroup, role) : role;
}

function config({ app, slot, properties }: Template['configs'][number], { assignments }: Template): object {
  return {
    type: slot ? 'Microsoft.Web/sites/slots/config' : 'Microsoft.Web/sites/config',
    apiVersion: apiVersions.web,
    name: [app, slot, 'web'].filter(Boolean).join('/'),
    properties,
    dependsOn: assignments.map(dependency),
  };
}

function dependency({ symbol, name, scope }: AssignmentResource): string {
  const { resource, isElsewhere, subscriptionId, resourceGroup } = scope;
  if (isElsewhere) {
    return `[resourceId(${text(subscriptionId)}, ${text(resourceGroup)}, 'Microsoft.Resources/deployments', ${text(symbol)})]`;
  }
  const id = (args: string) =>
    `[extensionResourceId(${args}, 'Microsoft.Authorization/roleAssignments', ${bare(name)})]`;
  return id(resource ? `resourceId(${text(resource.type)}, ${text(resource.name)})` : 'resourceGroup().id');
}

/** As it stands in JSON: an expression is in brackets, and a text that begins with one has two. */
function expression(value: Value): string {
  if (typeof value !== 'string') return `[${bare(value)}]`;
  return value.startsWith('[') ? `[${value}` : value;
}

/** As it stands within an expression. */
function bare(value: Value): string {
  if (typeof value === 'string') return text(value);
  return 'guid' in value
    ? `guid(${value.guid.map(bare).join(', ')})`
    : `parameters(${text(value.parameter)})`;
}

const text = (value: string): string => `'${value.replaceAll("'", "''")}'`;
