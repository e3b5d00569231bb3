// What Terraform's azurerm provider (5.2.0) sends and what it makes of the answers, taken from its source:
// hashicorp/terraform-provider-azurerm, internal/services/*, and the vendored hashicorp/go-azure-sdk, whose clients fix
// the api-versions and the status codes that are no error to them.

/** One call, and the statuses that the provider's client takes. */
export interface Call {
  method: 'GET' | 'PUT' | 'PATCH' | 'POST' | 'DELETE';
  /** With its query, but for the api-version. */
  path: string;
  apiVersion: string;
  body?: unknown;
  takes: readonly number[];
  /** Whether the provider then waits until the operation is done. */
  polls?: boolean;
}

/** The attributes of a resource by the provider's names, as configured or as read. */
export type Attributes = Record<string, unknown>;

// biome-ignore lint/suspicious/noExplicitAny: JSON, of which the provider takes what it knows.
export type Json = any;

/** One resource of a configuration. */
export interface Resource {
  type: string;
  /** From the check that it does not exist yet to the last write. */
  create: Call[];
  /** What a refresh reads. */
  read: Call[];
  /** What the provider takes from the answers to `read`. */
  flatten(answers: Json[]): Attributes;
  /** What the configuration says, defaults included: a plan is empty when a refresh finds the same. */
  configured: Attributes;
  /** What it says then, and what the provider sends to get there, given the answers to `read`. */
  changed: Attributes;
  update(answers: Json[]): Call[];
  destroy: Call[];
}

/** What resources know of those that they depend on: their attributes as read, by type. */
export type Known = Record<string, Attributes>;

/** Source of versions: internal/services/<service>/client/client.go */
export const versions = {
  groups: '2023-07-01',
  providers: '2022-09-01',
  registries: '2025-11-01',
  web: '2023-12-01',
  siteNames: '2023-01-01',
  identities: '2024-11-30',
  roleAssignments: '2022-04-01',
  roleDefinitions: '2022-05-01-preview',
} as const;

export const get = (path: string, apiVersion: string, ...more: number[]): Call => ({
  ...{ method: 'GET', path, apiVersion, takes: [200, ...more] },
});

/** The provider refuses to create what is there already: it must be imported. */
export const absent = (path: string, apiVersion: string): Call => ({
  ...{ method: 'GET', path, apiVersion, takes: [404] },
});

/** A location as the provider compares it: `Japan East` and `japaneast` are the same. */
export const normalized = (location: string): string => location.toLowerCase().replaceAll(' ', '');
