import { type Cause, frequencies } from '../packages/acrpull/src/checks/cause.ts';
import { links } from '../packages/acrpull/src/pull-path/links.ts';
import { type SiteView, viewsOf } from '../packages/acrpull/src/pull-path/site-view.ts';
import type { Remedy } from '../packages/acrpull/src/remedies/remedy.ts';
import { snapshotOf } from '../packages/acrpull/test/snapshots.ts';

/** The slot that the pages' commands are for. */
const example: SiteView = (() => {
  const snapshot = snapshotOf({ sites: [{}, { slot: 'staging' }] });
  const readable = JSON.parse(
    JSON.stringify(snapshot).replaceAll('/subscriptions/s/', '/subscriptions/<subscription id>/'),
  );
  return viewsOf(readable, readable.sites[1])[0];
})();

const confidence: Record<Cause['confidence'], string> = {
  verdict: 'a verdict: Azure’s interfaces show it',
  foretold: 'foretold by `acrpull doctor --swap`, before the swap',
  hint: 'a hint: it may be so, and breaks no link by itself',
  hidden: 'not found by `doctor`: no interface of Azure shows it',
};

/** A cause as a page of the documents. `wireTest`: the file that makes it on the local Azure, if one does. */
export function causePage(cause: Cause, wireTest: string | undefined): string {
  const { id, title, link, why, frequency, remedies, lookAlikes, docs } = cause;
  const words = wordsOf(cause);
  return `${[
    '<!-- Made by `npm run docs:causes` from the check’s own text. -->',
    `# ${id}: ${title}`,
    why,
    `| | |
|---|---|
| link | \`${link}\` |
| confidence | ${confidence[cause.confidence]} |
| reported | ${frequency} |
| proof | ${proof(cause, wireTest)} |`,
    ...(cause.confidence === 'hidden' ? [`**Where it shows:** ${cause.shownBy}`] : []),
    ...(words.length > 0
      ? [
          '## In the log',
          'Look for one of these. Most have [several causes](README.md#by-the-words-of-the-log):',
          code('', words),
        ]
      : []),
    '## Mend it',
    'For the slot `staging` of an app `hoge-app`:',
    ...remedies.flatMap(remedyParts),
    ...(lookAlikes
      ? [
          '## What looks the same',
          `${lookAlikes.ids.map((other) => `[${other}](${other}.md)`).join(', ')}. To tell them apart:`,
          code('sh', lookAlikes.commands(example)),
        ]
      : []),
    `Microsoft’s page: <${docs}>`,
  ].join('\n\n')}\n`;
}

const wordsOf = ({ seenAs, thenSeenAs = [] }: Cause) => [...seenAs, ...thenSeenAs];

const remedyParts = (remedy: Remedy): string[] => [
  `### ${remedy.title}${doneBy(remedy)}`,
  code('sh', remedy.commands(example)),
  code('bicep', [remedy.bicep(example)]),
  code('terraform', [remedy.terraform(example)]),
];

const doneBy = ({ repair }: Remedy): string =>
  repair ? ` (\`${['acrpull fix', repair.option].filter(Boolean).join(' ')}\` does it)` : '';

const code = (language: string, lines: readonly string[]) => `\`\`\`${language}\n${lines.join('\n')}\n\`\`\``;

function proof(cause: Cause, wireTest: string | undefined): string {
  if (wireTest) return `made on the local Azure, over the real wire: \`${wireTest}\``;
  return cause.confidence === 'hidden'
    ? 'none: no test makes it on the local Azure, and there is nothing to judge'
    : 'judged on saved snapshots; no test makes it on the local Azure';
}

/** How many causes of one text the index shows: a refusal has them nearly all. */
const shown = 12;

/** The table of all causes, by link; and which of them leave which words in the log. */
export function causesIndex(causes: readonly Cause[]): string {
  const linked = (id: string) => `[${id}](${id}.md)`;
  const rows = links.flatMap((link) =>
    causes
      .filter((cause) => cause.link === link)
      .map(
        (cause) => `| ${linked(cause.id)} | ${link} | ${cause.title} | ${found(cause)} | ${mended(cause)} |`,
      ),
  );
  const texts = [...new Set(causes.flatMap(wordsOf))];
  const byText = texts.map((text) => {
    const likeliest = causes
      .filter((cause) => wordsOf(cause).includes(text))
      .sort((a, b) => frequencies.indexOf(a.frequency) - frequencies.indexOf(b.frequency));
    const more = likeliest.length > shown ? ', …' : '';
    const ids = likeliest.slice(0, shown).map(({ id }) => linked(id));
    return `| \`${text}\` | ${ids.join(', ')}${more} |`;
  });
  return `<!-- Made by \`npm run docs:causes\` from the checks’ own text. -->

# Causes

Why a site cannot pull its image, one page each. The number is stable: quote it. *Found* says whether \`acrpull doctor\`
finds it, *fix* whether \`acrpull fix\` mends it. A finding shows the value as it was read, the resource it was read from,
and what mends it with \`az\`, in Bicep and in Terraform.

| | link | cause | found | fix |
|---|---|---|---|---|
${rows.join('\n')}

Three rules keep the verdicts honest:

- A link that could not be read is \`unknown\`, never fine and never broken. The report says which action was denied and
  the least role that has it.
- A hint breaks no link: what is known by hearsay, or likely at best, is told beside the facts.
- A grant and the flag are no proof of health, and \`unauthorized\` in a log is no proof of a missing grant: that is
  what \`acrpull verify\` is for.

## By the words of the log

The first error of an attempt counts: later ones often mislead. The likeliest cause comes first. \`acrpull explain\` looks
a whole log up here.

| the log says | causes |
|---|---|
${byText.join('\n')}
`;
}

const found = (cause: Cause): string =>
  ({ verdict: 'yes', hint: 'as a hint', foretold: 'before a swap', hidden: '' })[cause.confidence];

/** Whether `fix` mends it, or with which option. What is only foretold it does not see. */
function mended({ remedies, confidence }: Cause): string {
  const made = remedies.flatMap(({ repair }) => repair ?? []);
  const [repair] = made;
  if (!repair || confidence === 'foretold') return '';
  return made.some(({ option }) => !option) ? 'yes' : `\`${repair.option}\``;
}
