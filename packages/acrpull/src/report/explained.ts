import { type Explained, pageOf, type Suspect } from '../explain/explain-story.ts';
import { describe } from '../verify/outcome.ts';
import { bold, cyan, dim, green, red, wrap, yellow } from './style.ts';

const indent = ' '.repeat(16);

/** How the latest try ended, in a sentence. */
function endOf({ ended }: Explained): string {
  switch (ended.kind) {
    case 'ready':
      return "pulled, started, and answered the platform's probe";
    case 'unfinished':
      return `nothing has failed so far; the log ends while the site waits for ${ended.waitsFor}`;
    default:
      return describe(ended);
  }
}

/** What a log says of each site and what may have caused it: for a terminal. `all` leaves no cause short. */
export function explainedText(sites: Explained[], all: boolean): string {
  return `${sites.map((site) => explainedSite(site, all)).join('\n\n')}\n`;
}

function explainedSite(explained: Explained, all: boolean): string {
  const { story, ended, suspects } = explained;
  const { latest, attempts } = story;
  const mark = ended.kind === 'ready' ? green('✔') : ended.kind === 'unfinished' ? yellow('?') : red('✘');
  const lines = [`${mark} ${bold(story.site ?? 'a site')}  ${endOf(explained)}`];
  const row = (name: string, text: string) => lines.push(`    ${dim(name.padEnd(10))}  ${text}`);
  if (latest.image) row('image', latest.image);
  if (explained.otherRegistry) {
    row(
      '',
      dim(`${explained.otherRegistry} is no Azure Container Registry: no managed identity counts there`),
    );
  }
  if (latest.at !== undefined) row('begun', new Date(latest.at).toISOString());
  if (attempts > 1) row('before it', `${attempts - 1} ${attempts === 2 ? 'try' : 'tries'} in this log`);
  if (latest.telling) row(`line ${latest.telling.number}`, wrap(latest.telling.text, indent));
  for (const { text } of latest.later) {
    row('later', wrap(text, indent));
    row('', dim("of the platform's second try: it misleads, the first error counts"));
  }
  if (ended.kind === 'ready' || ended.kind === 'unfinished') return lines.join('\n');
  if (suspects.length === 0) {
    row('cause', 'none is known that leaves these words');
    row('next', cyan(doctor(explained)));
    return lines.join('\n');
  }
  return [lines.join('\n'), causes(explained, all)].join('\n\n');
}

const doctor = ({ story }: Explained) => `acrpull doctor ${story.site?.split('/')[0] ?? '<app>'}`;

/** The causes that are reported most often, in full; of the others only what they are. */
function causes(explained: Explained, all: boolean): string {
  const { suspects } = explained;
  const likeliest = suspects[0]!.cause.frequency;
  const inFull = all ? suspects : suspects.filter(({ cause }) => cause.frequency === likeliest);
  const others = suspects.filter((suspect) => !inFull.includes(suspect));
  const count = suspects.length === 1 ? 'One cause leaves' : `${suspects.length} causes leave`;
  const what = suspects[0]!.words === undefined ? 'words of this kind' : 'these words';
  return [
    `  ${bold(`${count} ${what}; the likeliest first.`)} ${cyan(doctor(explained))} says which it is.`,
    ...inFull.map((suspect, index) => suspectInFull(suspect, suspect.look === inFull[index - 1]?.look)),
    ...(others.length > 0
      ? [
          [
            `  ${bold('Less often:')} ${dim('(--all-details says more)')}`,
            ...others.map(({ cause }) => `  ${yellow(cause.id.padEnd(3))}  ${cause.title}`),
          ].join('\n'),
        ]
      : []),
  ].join('\n\n');
}

function suspectInFull({ cause, look }: Suspect, isLookAbove: boolean): string {
  const row = (name: string, text: string) => `       ${dim(name.padEnd(5))}  ${text}`;
  return [
    `  ${red(bold(cause.id.padEnd(3)))}  ${bold(cause.title)}  ${dim(cause.frequency)}`,
    row('why', wrap(cause.why, ' '.repeat(14))),
    ...(cause.confidence === 'hidden' ? [row('where', wrap(cause.shownBy, ' '.repeat(14)))] : []),
    row('look', isLookAbove ? dim('as above') : cyan(look)),
    row('read', dim(pageOf(cause.id))),
  ].join('\n');
}

/** Everything, for `--json`. */
export const explainedJson = (sites: Explained[]) => ({
  schema: 'acrpull.explained/1',
  ok: sites.every(({ ended }) => ended.kind === 'ready'),
  sites: sites.map((explained) => {
    const { story, ended, suspects } = explained;
    const { latest } = story;
    return {
      site: story.site ?? null,
      attempts: story.attempts,
      outcome: ended.kind,
      says: endOf(explained),
      image: latest.image ?? null,
      otherRegistry: explained.otherRegistry ?? null,
      begunOn: latest.at === undefined ? null : new Date(latest.at).toISOString(),
      /** Whether its beginning is in the log: else an earlier error may be missing. */
      isWhole: latest.isWhole,
      line: latest.telling ?? null,
      later: latest.later,
      causes: suspects.map(({ cause, words, look }) => ({
        id: cause.id,
        link: cause.link,
        title: cause.title,
        why: cause.why,
        frequency: cause.frequency,
        foundByDoctor: cause.confidence !== 'hidden',
        words: words ?? null,
        look,
        page: pageOf(cause.id),
        docs: cause.docs,
      })),
    };
  }),
});
