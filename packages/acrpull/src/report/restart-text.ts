import { type SiteView, siteName } from '../pull-path/site-view.ts';
import type { StartsBy } from '../verify/begin-start.ts';
import { bold, cyan, dim, yellow } from './style.ts';

/** What `verify` is about to do to an app's sites, and what its visitors may notice. */
export function restartText(
  views: SiteView[],
  { startsBy, via, slots }: { startsBy: StartsBy; via: string | undefined; slots: readonly string[] },
): string {
  const lines = views.map((view) => {
    const kind = view.site.slot ? 'slot' : 'production';
    const when = via && !view.site.slot ? `, once ${via} has proven it` : '';
    return `  ${yellow('~')} ${siteName(view)}  ${startsBy}  ${dim(kind + when)}`;
  });
  const visitors =
    startsBy === 'restart'
      ? 'The old container serves until the new one answers. If the new one does not start, Azure stops the site.'
      : 'Nobody is served from the stop until the new container answers.';
  const app = views[0]!.snapshot.app.name;
  const first =
    slots.length > 0 && !via && views.some(({ site }) => !site.slot)
      ? [
          `To prove it in a slot before production is touched: ${cyan(`acrpull verify ${app} --via ${slots[0]}`)}`,
        ]
      : [];
  return [...lines, '', `${bold('Visitors:')} ${visitors}`, ...first].join('\n');
}
