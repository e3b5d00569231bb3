/** The operations that a provider has in Azure, as the actions of roles name them. */
export interface ProviderOperations {
  /** What is listed in full: the namespace, or types of it. */
  complete: readonly string[];
  control: readonly string[];
  data: readonly string[];
}

/** `under('Microsoft.Web/sites', ['Read restart/Action'])`: the full names of operations on a type. */
export const under = (type: string, names: readonly string[]): string[] =>
  names.flatMap((line) => line.split(' ')).map((name) => `${type}/${name}`);
