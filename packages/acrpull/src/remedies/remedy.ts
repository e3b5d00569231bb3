import type { Azure } from '../azure/azure.ts';
import type { SiteView } from '../pull-path/site-view.ts';

/**
 * A way to mend a site: always as what a person types or declares, and where it is safe, as a repair by `fix`. What
 * only a person knows stands in `<…>`.
 */
export interface Remedy {
  id: string;
  title: string;
  /** `az` commands, ready to paste; a line that begins with `#` is advice. */
  commands(view: SiteView): string[];
  /** The same in Bicep: what to write, and in a comment, where. */
  bicep(view: SiteView): string;
  /** The same in Terraform, with the azurerm provider. */
  terraform(view: SiteView): string;
  repair?: Repair;
}

export interface Repair {
  /** Pure: what would change, or undefined when it is so already. */
  plan(view: SiteView): Change | undefined;
  /** Makes the change and returns the site as it is then. Doing it twice changes nothing more. */
  apply(azure: Azure, view: SiteView): Promise<SiteView>;
}

export interface Change {
  kind: 'add' | 'change';
  /** What is added or changed, such as `identity` or a property's name. */
  what: string;
  from?: string;
  to: string;
  /** Resource id of what is written to. */
  target: string;
  /** Whether the platform restarts the site because of it. */
  restarts: boolean;
}
