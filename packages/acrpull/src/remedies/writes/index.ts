import { appSettingsRemoval } from './app-settings-removal.ts';
import { identityWrite } from './identity-write.ts';
import { roleAssignmentWrite } from './role-assignment-write.ts';
import { siteConfigWrite } from './site-config-write.ts';
import type { Write, WriteKind } from './write.ts';

const kinds: { [K in Write['kind']]: WriteKind<Extract<Write, { kind: K }>> } = {
  identity: identityWrite,
  'role-assignment': roleAssignmentWrite,
  'site-config': siteConfigWrite,
  'app-settings': appSettingsRemoval,
};

/** What can be done with this write. */
export const kindOf = (write: Write): WriteKind<Write> => kinds[write.kind] as unknown as WriteKind<Write>;

/** The same for two writes that do the same, such as a grant that two sites ask for. */
export const writeKey = (write: Write): string => JSON.stringify(write).toLowerCase();
