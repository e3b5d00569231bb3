import { Listr, PRESET_TIMER } from 'listr2';
import type { Azure } from '../azure/azure.ts';
import type { Diagnosis } from '../checks/diagnose.ts';
import { Failure } from '../failure.ts';
import { siteName } from '../pull-path/links.ts';
import { describe } from './outcome.ts';
import { type Verified, verifySite } from './verify-site.ts';

export interface SiteVerified {
  diagnosis: Diagnosis;
  verified: Verified;
}

/** Verifies sites side by side and shows for each what it waits for, and since when. Ctrl-C stops all of them. */
export async function verifyAll(
  azure: Azure,
  diagnoses: Diagnosis[],
  options: { timeoutMs: number; silent: boolean },
): Promise<SiteVerified[]> {
  const results: SiteVerified[] = [];
  const interrupt = new AbortController();
  const onInterrupt = () =>
    interrupt.abort(
      new Failure('Interrupted. A restart that was asked for goes on by itself; nothing else was changed.', {
        next: 'acrpull verify again, or acrpull doctor',
      }),
    );
  process.once('SIGINT', onInterrupt);
  const tasks = new Listr(
    diagnoses.map((diagnosis) => ({
      title: siteName(diagnosis.view),
      task: async (_, task) => {
        const name = siteName(diagnosis.view);
        const progress = waitingLine((text) => {
          task.output = text;
        });
        try {
          const verified = await verifySite(azure, diagnosis, {
            timeoutMs: options.timeoutMs,
            signal: interrupt.signal,
            onWait: progress.show,
          });
          results.push({ diagnosis, verified });
          task.title = `${name}: ${describe(verified.outcome)}`;
          if (verified.outcome.kind !== 'serving') throw new Error(task.title);
        } finally {
          progress.stop();
        }
      },
    })),
    {
      concurrent: true,
      exitOnError: false,
      collectErrors: 'minimal',
      silentRendererCondition: () => options.silent,
      rendererOptions: { timer: PRESET_TIMER, collapseErrors: true, showErrorMessage: false },
      fallbackRendererOptions: { timer: PRESET_TIMER },
    },
  );
  await tasks.run().finally(() => process.off('SIGINT', onInterrupt));
  if (interrupt.signal.aborted) throw interrupt.signal.reason;
  if (results.length < diagnoses.length) throw tasks.errors[0] ?? new Error('a site was not verified');
  return diagnoses.map((diagnosis) => results.find((it) => it.diagnosis === diagnosis)!);
}

/** "waiting for …, 12 s": on a terminal the seconds run; in a pipe a line comes only when something new is awaited. */
function waitingLine(show: (text: string) => void) {
  let waitsFor = '';
  let since = Date.now();
  const render = () => show(`waiting for ${waitsFor} · ${Math.round((Date.now() - since) / 1000)} s`);
  const timer = process.stdout.isTTY ? setInterval(render, 1000) : undefined;
  return {
    show: (what: string) => {
      if (what === waitsFor) return;
      waitsFor = what;
      since = Date.now();
      if (timer) render();
      else show(`waiting for ${what}`);
    },
    stop: () => clearInterval(timer),
  };
}
