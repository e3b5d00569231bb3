import type { Azure } from '../azure/azure.ts';
import { apiVersions } from '../azure/resource-manager.ts';
import { Unreachable } from '../azure/unreachable.ts';
import type { Clock } from '../clock.ts';
import { Failure } from '../failure.ts';
import { azSite, type SiteView } from '../pull-path/site-view.ts';

/** `stop-start`: no container of the site is left in between, so that what answers is the new one for sure. */
export type StartsBy = 'restart' | 'stop-start';

export interface BeginOptions {
  by: StartsBy;
  clock: Clock;
  /** Ends it, but not between a stop and the start. */
  signal: AbortSignal;
  /** Told what has been done to the site, in words that go after its name. */
  onChange(state: string): void;
}

/** Pauses in seconds, when the answer was lost on the way: asking again is harmless. */
const pauses = [1, 3, 10];

/**
 * Makes the platform start the site anew. A site that it has stopped it starts again, whoever interrupts. Throws what
 * Azure refused with, and says what state the site is in then.
 */
export async function beginStart(azure: Azure, view: SiteView, options: BeginOptions): Promise<void> {
  const { by, clock, signal, onChange } = options;
  const send = async (action: 'restart' | 'stop' | 'start', signal?: AbortSignal) => {
    for (let attempt = 0; ; attempt++) {
      try {
        await azure.resourceManager.send('POST', `${view.site.id}/${action}`, apiVersions.web);
        return;
      } catch (error) {
        const pause = pauses[attempt];
        if (!(error instanceof Unreachable) || pause === undefined) throw error;
        onChange(`was asked to ${action}, and whether Azure has heard it is not known`);
        await clock.sleep(pause * 1000, signal);
      }
    }
  };
  signal.throwIfAborted();
  if (by === 'restart') {
    await send('restart', signal);
    return onChange('was restarted, which goes on by itself');
  }
  await send('stop', signal);
  onChange('was stopped');
  try {
    await send('start');
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    throw new Failure(`${error.message} The site is stopped now.`, {
      resource: view.site.id,
      next: `az webapp start ${azSite(view)}`,
      cause: error,
    });
  }
  onChange('was stopped and started, which goes on by itself');
}
