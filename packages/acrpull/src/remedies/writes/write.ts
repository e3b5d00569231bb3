import type { ResourceManager } from '../../azure/resource-manager.ts';
import type { AppSettingsRemoval } from './app-settings-removal.ts';
import type { IdentityWrite } from './identity-write.ts';
import type { RoleAssignmentWrite } from './role-assignment-write.ts';
import type { SiteConfigWrite } from './site-config-write.ts';

/**
 * One change of one resource, as plain data with what was there before: the plan shows it, the journal keeps it,
 * `--emit` says it in code, and `undo` is made of its inverse. It holds no secret.
 */
export type Write = IdentityWrite | RoleAssignmentWrite | SiteConfigWrite | AppSettingsRemoval;

/** What can be done with a write of one kind. */
export interface WriteKind<W> {
  /** What the plan says of it. */
  changes(write: W): Change[];
  /** Resource id of what is written to. */
  target(write: W): string;
  /** Whether the platform restarts the site because of it. */
  restarts: boolean;
  /** The rights that it takes. */
  needs(write: W): Need[];
  /** The write with what only Azure knows, once what comes before is done. */
  complete(arm: ResourceManager, write: W): Promise<W>;
  /** How Azure is now, seen from the write. */
  read(arm: ResourceManager, write: W): Promise<State>;
  /** Makes the change; what is answered may complete the write. Doing it twice changes nothing more. */
  send(arm: ResourceManager, write: W): Promise<W>;
  /** What takes it back; undefined when nothing can. */
  inverse(write: W): W | undefined;
}

export type State = 'before' | 'after' | 'other';

export interface Change {
  kind: 'add' | 'change' | 'remove';
  /** Such as `identity`, or a property's name. */
  what: string;
  from?: string;
  to?: string;
}

/** A right of the caller, and what it is for: locks judge by that. */
export interface Need {
  action: string;
  scope: string;
  operation: 'write' | 'delete';
}
