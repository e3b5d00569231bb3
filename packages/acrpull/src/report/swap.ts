import { credentialsEvidence } from '../checks/flag/flag-facts.ts';
import type { Foretold, ForetoldSite } from '../checks/foretell.ts';
import type { Link } from '../pull-path/links.ts';
import { fxVersionOf } from '../pull-path/pulls.ts';
import { azSite, type SiteView, siteName } from '../pull-path/site-view.ts';
import { slotOf } from '../pull-path/slots.ts';
import { pullingIdentity } from '../verify/proof.ts';
import { bold, cyan, dim, green, red, wrap, yellow } from './style.ts';

/** What a swap changes, site by site; the report that has it tells how the sites stand after it. */
export interface SwapReport {
  /** Names of slots: `staging`, `production`. */
  source: string;
  target: string;
  /** The swap that is foretold, as `az` makes it. */
  command: string;
  /** The target first. */
  sites: SwapChange[];
}

export interface SwapChange {
  name: string;
  /** As `linuxFxVersion` or `windowsFxVersion` has it; null where it could not be read. */
  image: Change<string | null>;
  /** Null where no identity pulls. */
  pulledAs: Change<string | null>;
  /** Which of the registry's settings are there. */
  settings: Change<string>;
  firstBroken: Change<Link | null>;
}

interface Change<T> {
  before: T;
  after: T;
}

export function swapReport({ sites }: Foretold): SwapReport {
  const [target, source] = sites.map(({ before }) => before.view) as [SiteView, SiteView];
  return {
    source: slotOf(source.site),
    target: slotOf(target.site),
    command: `az webapp deployment slot swap ${azSite(source)} --target-slot ${slotOf(target.site)}`,
    sites: sites.map(changeOf),
  };
}

function changeOf({ before, after }: ForetoldSite): SwapChange {
  const change = <T>(read: (of: typeof before) => T): Change<T> => ({
    before: read(before),
    after: read(after),
  });
  return {
    name: siteName(before.view),
    image: change(({ view: { site } }) => (site.config.known ? site.config.value[fxVersionOf(site)] : null)),
    pulledAs: change(({ view }) => pullingIdentity(view) ?? null),
    settings: change(({ view }) => credentialsEvidence(view).value),
    firstBroken: change(({ firstBroken }) => firstBroken ?? null),
  };
}

/** For a terminal: what the swap changes. */
export function swapText({ source, target, command, sites }: SwapReport): string {
  const rules = `The image and app settings that are no slot settings travel; identities, acrUseManagedIdentityCreds and acrUserManagedIdentityID stay. The swap starts ${source} anew before anything is exchanged, and again with what was ${target}’s; ${target} pulls as itself at its next restart, or on a new instance.`;
  return [
    `${bold('Foretold:')} ${cyan(command)}`,
    `  ${dim(wrap(rules, '  '))}`,
    sites.map(changeText).join('\n\n'),
    bold('After the swap:'),
  ].join('\n\n');
}

function changeText(changed: SwapChange): string {
  const rows = swapRows(changed).map(({ what, before, after }) => {
    const paint =
      what !== 'pull' ? (text: string) => text : (text: string) => (text === holds ? green : red)(text);
    const value =
      before === after ? `${paint(after)}  ${dim('stays')}` : `${paint(before)} → ${paint(after)}`;
    return `  ${before === after ? ' ' : yellow('~')} ${dim(what.padEnd(9))}  ${value}`;
  });
  return [`  ${bold(changed.name)}`, ...rows].join('\n');
}

const holds = 'all links hold';

/** What there is to say of a site, before the swap and after it. */
export function swapRows(changed: SwapChange): ({ what: string } & Change<string>)[] {
  const { image, pulledAs, settings, firstBroken } = changed;
  const pull = (broken: Link | null) => (broken ? `broken at ${broken}` : holds);
  return [
    { what: 'image', ...orElse(image, 'not read') },
    { what: 'pulled as', ...orElse(pulledAs, 'no identity') },
    ...(settings.before !== settings.after ? [{ what: 'settings', ...settings }] : []),
    { what: 'pull', before: pull(firstBroken.before), after: pull(firstBroken.after) },
  ];
}

const orElse = ({ before, after }: Change<string | null>, missing: string): Change<string> => ({
  before: before ?? missing,
  after: after ?? missing,
});
