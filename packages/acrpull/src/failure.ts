/**
 * Why a command could not do its work (exit code 2), in three answers: what happened, to which resource, and what
 * to type next. Problems that were *found* are no failures; they are findings.
 */
export class Failure extends Error {
  /** A resource id, URL or name. */
  readonly resource: string | undefined;
  /** A command or a sentence. */
  readonly next: string | undefined;
  constructor(message: string, details: { resource?: string; next?: string; cause?: unknown } = {}) {
    super(message, { cause: details.cause });
    this.resource = details.resource;
    this.next = details.next;
  }
}
