import { type Progress, showProgress } from '../report/progress.ts';
import { duration, number } from '../report/style.ts';
import type { Checkpoint } from './checkpoint.ts';

/** How a survey of many apps goes, on stderr. */
export interface SurveyProgress {
  /** The apps are found; an earlier run has read some of them. */
  found(apps: { id: string }[], checkpoint: Pick<Checkpoint, 'kept'>): void;
  /** One more app is done. */
  done(): void;
  /** Calls wait for their turn. */
  held(): void;
  /** Ends the display. */
  stop(): void;
  /** Ends it before all is done, and says how to go on. */
  breakOff(): void;
}

const name = 'acrpull';

export function surveyProgress(progress: Progress = showProgress([name], false)): SurveyProgress {
  const startedOn = Date.now();
  let total = 0;
  let resumed = 0;
  let done = 0;
  let isHeld = false;
  const show = () => {
    const parts = [
      `${number(total - done)} of ${number(total)} apps`,
      ...(resumed > 0 ? [`resumed ${number(resumed)} of ${number(total)}`] : []),
      ...(done > 0 ? [`${duration(Date.now() - startedOn)} so far`] : []),
      ...(isHeld ? ['Resource Manager lets no more through at once'] : []),
    ];
    isHeld = false;
    progress.wait(name, parts.join(' · '));
  };
  const stop = () => progress.stop({ erase: true });
  progress.wait(name, 'the lists of apps');
  return {
    found(apps, { kept }) {
      total = apps.length;
      resumed = apps.filter(({ id }) => kept.has(id.toLowerCase())).length;
      show();
    },
    done() {
      done += 1;
      // In a pipe each of these is a line.
      const step = Math.max(1, Math.floor(total / 20));
      if (done % step === 0 && done < total) show();
    },
    held() {
      isHeld = true;
    },
    stop,
    breakOff() {
      stop();
      if (total === 0) return;
      const read = `${number(done)} of ${number(total)} apps were read.`;
      process.stderr.write(`${read} The same command goes on from there, for an hour.\n`);
    },
  };
}
