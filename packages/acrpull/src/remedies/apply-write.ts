import { type ResourceManager, ResourceManagerError } from '../azure/resource-manager.ts';
import type { Clock } from '../clock.ts';
import { Failure } from '../failure.ts';
import type { Journal } from './journal.ts';
import { kindOf } from './writes/index.ts';
import type { Write } from './writes/write.ts';

export interface WriteContext {
  arm: ResourceManager;
  journal: Journal;
  clock: Clock;
}

/** How long a write may take to be seen by a read, and how often it is looked for. */
const readBackMs = 20_000;
const pauseMs = 1_000;

/**
 * Makes a write, and believes only what it reads back: several writers in this field report success and change nothing
 * (A11, A12). What stands there already is left alone; what is neither as planned from nor as planned to was changed by
 * somebody else, and is not overwritten. The journal has the write on disk before Azure has it.
 */
export async function applyWrite({ arm, journal, clock }: WriteContext, planned: Write): Promise<void> {
  const kind = kindOf(planned);
  const write = await kind.complete(arm, planned);
  const state = await kind.read(arm, write);
  if (state === 'after') return;
  if (state === 'other') {
    throw new Failure(`${what(write)} has changed since it was read, and was left as it is.`, {
      resource: kind.target(write),
      next: 'run acrpull again: it plans from what is there now',
    });
  }
  const step = journal.begin(write);
  try {
    const written = await whileBusy(clock, () => kind.send(arm, write)).catch(async (error) => {
      // An answer that was lost says nothing of the write.
      if ((await kind.read(arm, write).catch(() => 'other')) === 'after') return write;
      throw error;
    });
    for (const until = clock.now() + readBackMs; (await kind.read(arm, written)) !== 'after'; ) {
      if (clock.now() >= until) {
        throw new Failure(`Azure accepted ${what(write)} and does not have it.`, {
          resource: kind.target(write),
        });
      }
      await clock.sleep(pauseMs);
    }
    journal.done(step, written);
  } catch (error) {
    journal.failed(step, error instanceof Error ? error.message : String(error));
    throw error;
  }
}

/** How long another operation on the same resource is waited for. */
const busyMs = 60_000;

/**
 * Tries again while App Service does something else to the site, such as a swap or another update.
 * Source: microsoft/vscode-azureappservice issue 915
 */
async function whileBusy<T>(clock: Clock, send: () => Promise<T>): Promise<T> {
  for (const until = clock.now() + busyMs; ; ) {
    try {
      return await send();
    } catch (error) {
      const isBusy =
        error instanceof ResourceManagerError && /another operation is in progress/i.test(error.message);
      if (!isBusy || clock.now() >= until) throw error;
    }
    await clock.sleep(pauseMs);
  }
}

/** A write in a few words. */
export const what = (write: Write): string =>
  [
    ...new Set(
      kindOf(write)
        .changes(write)
        .map((change) => change.what),
    ),
  ].join(', ');
