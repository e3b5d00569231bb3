import { callerCannotGrant } from './caller-cannot-grant.ts';
import type { Check } from './check.ts';
import { clientIdMissing } from './client-id-missing.ts';
import { clientIdNotAttached } from './client-id-not-attached.ts';
import { flagDiffersBetweenSlots } from './flag-differs-between-slots.ts';
import { flagOff } from './flag-off.ts';
import { grantAtWrongScope } from './grant-at-wrong-scope.ts';
import { grantIsYoung } from './grant-is-young.ts';
import { manifestAbsent } from './manifest-absent.ts';
import { noIdentity } from './no-identity.ts';
import { noPullRole } from './no-pull-role.ts';
import { referenceMalformed } from './reference-malformed.ts';
import { referenceWithoutHost } from './reference-without-host.ts';
import { registryHostUnknown } from './registry-host-unknown.ts';

/** Every check, in the order of the links and, within a link, of likelihood. A new check is one more line. */
export const checks: readonly Check[] = [
  referenceMalformed,
  referenceWithoutHost,
  registryHostUnknown,
  noIdentity,
  clientIdMissing,
  clientIdNotAttached,
  noPullRole,
  grantAtWrongScope,
  callerCannotGrant,
  grantIsYoung,
  flagOff,
  flagDiffersBetweenSlots,
  manifestAbsent,
];
