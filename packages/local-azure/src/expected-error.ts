/**
 * What can go wrong without a bug here: a damaged file, a refused pull, a wrong option. The message says all that its
 * reader needs, so it is shown without a stack. Every room's own errors extend it.
 */
export class ExpectedError extends Error {}

/** Codes of what the machine does to us, such as a full disk; those that begin with `ERR_` are Node's and mean a bug. */
const machineFault = /^(E(?!RR_)[A-Z0-9]+|SQLITE_(FULL|IOERR|READONLY|CANTOPEN|BUSY|CORRUPT|NOTADB)(_\w+)?)$/;

export const isExpected = (error: unknown): error is Error =>
  error instanceof ExpectedError ||
  (error instanceof Error && machineFault.test(String((error as NodeJS.ErrnoException).code)));
