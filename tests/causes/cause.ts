import { expect, test } from 'vitest';
import { causes } from '../../packages/acrpull/src/checks/index.ts';
import { hasText } from '../../packages/acrpull/src/checks/log-text.ts';
import { explainLog } from '../../packages/acrpull/src/explain/explain-log.ts';
import type { Setting, SiteOptions } from './setting.ts';

/** How a cause is made, and mended, on a site of its own that holds in every link. */
export interface CauseOnTheWire {
  id: string;
  /** More words, where a cause is made in several ways. */
  as?: string;
  /** The findings that break nothing and come along, such as `A5`. */
  notes?: string[];
  /** What the site is like, where it is not the story's. */
  site?: SiteOptions;
  breakIt(site: string, setting: Setting): Promise<unknown>;
  /** `fix`, where it is a repair; else what a person does. */
  mend: 'fix' | ((site: string, setting: Setting) => Promise<unknown>);
}

/**
 * The promise of each cause: made over the real wire, the pull is refused in the platform's words; doctor names this
 * cause and no other as broken; mended, the pull succeeds and every link holds. Causes run side by side, each on a
 * site of its own.
 */
export function testCauses(setting: () => Setting, table: CauseOnTheWire[]): void {
  test.concurrent.each(table.map((row) => [`${row.id} ${row.as ?? ''}`.trim(), row] as const))(
    '%s',
    async (name, { id, notes = [], site: options, breakIt, mend }) => {
      const { healthySite, restart, azure } = setting();
      const site = await healthySite(name.replace(/\W+/g, '-').toLowerCase(), options);
      await breakIt(site, setting());

      const cause = causes.find((it) => it.id === id)!;
      const refused = await restart(site);
      expect(refused).not.toMatch(pulled);
      expect(
        cause.seenAs.filter((text) => hasText(refused, text)),
        refused,
      ).not.toEqual([]);
      expect(await judgements(site)).toEqual({ firstBroken: cause.link, failed: [id], notes });

      if (mend === 'fix') {
        const fixed = await azure.acrpull('fix', site.replace(/\/slots\/.*/, ''), '--yes');
        expect(fixed.code, fixed.stdout + fixed.stderr).toBe(0);
      } else {
        await mend(site, setting());
      }
      expect(await restart(site)).toMatch(pulled);
      expect(await judgements(site)).toMatchObject({ firstBroken: null, failed: [] });
    },
  );

  /** What doctor says of the site; and that it finds nothing broken at the others of the app. */
  async function judgements(site: string) {
    const sites = await setting().doctor(site);
    for (const other of sites) if (other.id !== site) expect(other.firstBroken, other.id).toBeNull();
    const { firstBroken, findings } = sites.find(({ id }) => id === site)!;
    const failed = findings.filter(({ status }) => status === 'fail');
    // Every grant is young here.
    const notes = findings.filter(({ status, id }) => status !== 'fail' && id !== 'C1');
    return { firstBroken, failed: failed.map(({ id }) => id), notes: notes.map(({ id }) => id) };
  }
}

/** In the words of either generation of workers. */
export const pulled = /Pull Image successful|is pulled from registry/;

/** What doctor finds at a site. Every grant is young here. */
export async function judgementOf(site: string, { doctor }: Setting) {
  const { firstBroken, findings } = (await doctor(site))[0]!;
  const others = findings.filter(({ id }) => id !== 'C1');
  return { firstBroken, findings: others.map(({ id, status }) => `${id} ${status}`) };
}

/** The causes that explain finds in a log. */
export async function suspectsIn(log: string): Promise<string[]> {
  const [explained] = await explainLog([{ name: 'log', chunks: textOf(log) }]);
  return explained?.suspects.map(({ cause }) => cause.id) ?? [];
}

async function* textOf(text: string) {
  yield text;
}
