import type { SiteView } from '../pull-path/site-view.ts';
import type { Aim } from './aim.ts';
import type { Write } from './writes/write.ts';

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

/** What `fix` does by itself. Pure: it says what to write, and `apply.ts` writes it. */
export interface Repair {
  /** The option of `fix` without which it is not done. */
  option?: '--identity' | '--remove-credentials';
  /** What is to be written so that the pull is as it is aimed at; undefined when it is so already. */
  plan(view: SiteView, aim: Aim): Write | undefined;
}
