import { ResourceManagerError } from '../azure/resource-manager.ts';
import { Unreachable } from '../azure/unreachable.ts';
import { type Fact, known, type Unreadable, unknown } from './snapshot.ts';

/**
 * Turns "could not read" into a fact. Only what is about this one resource counts as such; that the token is bad or
 * Azure cannot be reached concerns every read, and stops the command.
 */
export async function readFact<T>(resource: string, read: () => Promise<T>): Promise<Fact<T>> {
  try {
    return known(await read());
  } catch (error) {
    const because = unreadable(error, resource);
    if (because) return unknown(because);
    throw error;
  }
}

function unreadable(error: unknown, resource: string): Unreadable | undefined {
  // A read-only lock forbids what is read by POST, such as app settings.
  // Source: MicrosoftDocs/azure-docs lock-resources.md
  const isLocked = error instanceof ResourceManagerError && error.code === 'ScopeLocked';
  if (error instanceof ResourceManagerError && (error.status === 403 || isLocked)) {
    return {
      kind: 'denied',
      message: error.message,
      resource,
      ...(error.action && { action: error.action }),
    };
  }
  if (error instanceof ResourceManagerError && error.status === 404) {
    return { kind: 'not-visible', message: error.message, resource };
  }
  if (error instanceof Unreachable && !error.resource?.startsWith('management.')) {
    return { kind: error.noSuchHost ? 'no-such-host' : 'unreachable', message: error.message, resource };
  }
  return undefined;
}
