import { newWorker } from './new-worker.ts';
import { oldWorker } from './old-worker.ts';
import type { WorkerLog } from './platform-event.ts';

/** App Service has both generations of Linux workers; a site cannot choose. */
export type WorkerGeneration = 'old' | 'new';

export const workerLogs: Record<WorkerGeneration, WorkerLog> = { old: oldWorker, new: newWorker };
