import { apiVersions } from '../../azure/resource-manager.ts';
import type { Emit } from './emit.ts';
import {
  type AssignmentResource,
  assignmentsVersion,
  nested,
  type Template,
  templateOf,
  type Value,
} from './template.ts';

/** The plan as a Bicep file for the resource group of the app. */
export const emitBicep: Emit = (plans) => {
  const template = templateOf(plans, 'bicep');
  const { parameters, assignments, configs, notes } = template;
  const blocks = [
    `// Lets ${plans.map(({ name }) => name).join(', ')} pull with a managed identity. Made by acrpull fix --emit bicep.`,
    ...parameters.map(({ name, description }) => `@description(${text(description)})\nparam ${name} string`),
    ...existingScopes(assignments),
    ...assignments.map(assignment),
    ...existingSites(configs),
    ...configs.map((it) => config(it, template)),
  ];
  return { code: `${blocks.join('\n\n')}\n`, notes };
};

const symbol = (name: string): string => name.replace(/\W/g, '_');
const scopeSymbol = (name: string): string => `scope_${symbol(name)}`;

function existingScopes(assignments: AssignmentResource[]): string[] {
  const here = assignments.flatMap(({ scope }) => (scope.isElsewhere ? [] : (scope.resource ?? [])));
  const byName = new Map(here.map((resource) => [scopeSymbol(resource.name), resource]));
  return [...byName].map(([name, resource]) =>
    existing(name, `${resource.type}@${versionOf(resource.type)}`, `name: ${text(resource.name)}`),
  );
}

const versionOf = (type: string): string =>
  /^Microsoft\.ContainerRegistry\//i.test(type) ? apiVersions.containerRegistry : apiVersions.resources;

const existing = (name: string, type: string, ...lines: string[]): string =>
  `resource ${name} '${type}' existing = {\n${lines.map((line) => `  ${line}`).join('\n')}\n}`;

function assignment({ symbol: name, name: guid, scope, properties }: AssignmentResource): string {
  const { resource, isElsewhere, subscriptionId, resourceGroup } = scope;
  if (isElsewhere) {
    const role = {
      type: 'Microsoft.Authorization/roleAssignments',
      apiVersion: assignmentsVersion,
      name: guid,
      ...(resource && { scope: `${resource.type}/${resource.name}` }),
      properties,
    };
    const { type, apiVersion, ...rest } = nested(name, subscriptionId, resourceGroup, role);
    // A module would need a file of its own.
    return `#disable-next-line no-deployments-resources\nresource ${name} '${type}@${apiVersion}' = ${literal(rest)}`;
  }
  const at = resource ? `\n  scope: ${scopeSymbol(resource.name)}` : '';
  return `resource ${name} 'Microsoft.Authorization/roleAssignments@${assignmentsVersion}' = {
  name: ${value(guid)}${at}
  properties: ${literal(properties, '  ')}
}`;
}

function existingSites(configs: Template['configs']): string[] {
  const apps = [...new Set(configs.map(({ app }) => app))].map((app) =>
    existing(siteSymbol(app), `Microsoft.Web/sites@${apiVersions.web}`, `name: ${text(app)}`),
  );
  const slots = configs.flatMap(({ app, slot }) =>
    slot
      ? [
          existing(
            siteSymbol(app, slot),
            `Microsoft.Web/sites/slots@${apiVersions.web}`,
            `parent: ${siteSymbol(app)}`,
            `name: ${text(slot)}`,
          ),
        ]
      : [],
  );
  return [...apps, ...slots];
}

const siteSymbol = (app: string, slot?: string): string =>
  symbol(slot ? `site_${app}_${slot}` : `site_${app}`);

function config({ symbol: name, app, slot, properties }: Template['configs'][number], template: Template) {
  const type = slot ? 'Microsoft.Web/sites/slots/config' : 'Microsoft.Web/sites/config';
  const after = template.assignments.map((it) => `\n    ${it.symbol}`).join('');
  return `resource ${name} '${type}@${apiVersions.web}' = {
  parent: ${siteSymbol(app, slot)}
  name: 'web'
  properties: ${literal(properties, '  ')}${after && `\n  dependsOn: [${after}\n  ]`}
}`;
}

/** A value as Bicep writes it. */
function literal(given: unknown, indent = ''): string {
  if (typeof given === 'boolean') return String(given);
  if (typeof given === 'string' || isExpression(given)) return value(given);
  const inner = `${indent}  `;
  if (Array.isArray(given)) {
    return `[\n${given.map((item) => `${inner}${literal(item, inner)}`).join('\n')}\n${indent}]`;
  }
  const lines = Object.entries(given as object).map(
    ([key, item]) => `${inner}${/^[a-z]\w*$/i.test(key) ? key : text(key)}: ${literal(item, inner)}`,
  );
  return `{\n${lines.join('\n')}\n${indent}}`;
}

const isExpression = (given: unknown): given is Exclude<Value, string> =>
  typeof given === 'object' && given !== null && ('guid' in given || 'parameter' in given);

function value(given: Value): string {
  if (typeof given === 'string') return text(given);
  return 'guid' in given ? `guid(${given.guid.map(value).join(', ')})` : given.parameter;
}

/** Source: learn.microsoft.com/azure/azure-resource-manager/bicep/data-types "Strings" */
const text = (given: string): string =>
  `'${given.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('${', '\\${')}'`;
