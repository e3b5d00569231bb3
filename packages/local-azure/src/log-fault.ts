import { RegistryError } from './registry/errors.ts';

const diskFaults = new Set(['ENOSPC', 'EDQUOT', 'EROFS', 'EACCES', 'EIO']);

/** One line on stderr for what the machine does to us, such as a full disk; the stack as well for our own faults. */
export function logFault(message: string, error: unknown): void {
  console.error(
    `${message}: ${isExpected(error) ? error.message : ((error as Error)?.stack ?? String(error))}`,
  );
}

const isExpected = (error: unknown): error is Error =>
  error instanceof RegistryError ||
  (error instanceof Error && diskFaults.has((error as NodeJS.ErrnoException).code ?? ''));
