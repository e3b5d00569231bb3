import type { ContainerExit } from '../engines/engine.ts';
import type { ImageReference } from '../image-reference.ts';
import type { PullError } from '../pull-error.ts';
import type { PullEvent } from '../puller.ts';

/** What the platform's log of a site tells. `site` is the worker's name for it, such as `hoge-app__staging`. */
export type PlatformEvent =
  | { kind: 'pulling'; site: string; image: string }
  | { kind: 'pull-progress'; progress: PullEvent }
  | { kind: 'pulled'; image: ImageReference; milliseconds: number }
  | { kind: 'pull-refused'; refusal: PullError }
  | { kind: 'pulling-over-vnet'; image: string }
  /** The platform does not tell why. */
  | { kind: 'pull-over-vnet-refused'; image: string }
  /** No attempt succeeded; `refusal` is of the first. A copy of the image that is on the machine may run instead. */
  | { kind: 'pull-failed'; site: string; image: string; refusal: PullError; localCopy: boolean }
  | { kind: 'pull-interrupted' }
  | ({ kind: 'starting' } & StartingContainer)
  | { kind: 'warming-up'; site: string; container: string }
  | { kind: 'still-waiting'; container: string; milliseconds: number }
  | { kind: 'ready'; site: string; container: string; milliseconds: number }
  | { kind: 'timed-out'; site: string; container: string; port: number; milliseconds: number }
  | { kind: 'exited-during-start'; site: string; container: string; port: number; exit: ContainerExit }
  | { kind: 'exited'; site: string; container: string; exit: ContainerExit }
  | { kind: 'start-failed'; site: string }
  | { kind: 'stopping'; site: string }
  /** See `remarks.ts`. */
  | { kind: 'remark'; level: 'INFO' | 'ERROR'; text: string };

export interface StartingContainer {
  container: string;
  image: string;
  port: number;
  /** The platform's own variables. App settings are not told: they hold secrets. */
  env: Record<string, string>;
  command: string;
  /** Whether the container's output goes to a file. */
  logged: boolean;
}

/** How a generation of workers writes its log. */
export interface WorkerLog {
  /** The lines that tell an event at a time; none for what this generation keeps to itself. */
  platform(event: PlatformEvent, now: number): string[];
  /** The line for a line that the container printed. */
  output(line: string, now: number): string;
}
