import { assignIdentity } from './assign-identity.ts';
import { grantPull } from './grant-pull.ts';
import type { Remedy, Repair } from './remedy.ts';
import { chooseIdentity, selectIdentity } from './select-identity.ts';
import { setFlag } from './set-flag.ts';
import { widenCondition } from './widen-condition.ts';

/** What `fix` can do by itself, in the order that is safe: the role before the flag, so that no gap opens. */
export const repairs: (Remedy & { repair: Repair })[] = [
  assignIdentity,
  grantPull,
  widenCondition,
  selectIdentity,
  chooseIdentity,
  setFlag,
].flatMap((remedy) => (remedy.repair ? [{ ...remedy, repair: remedy.repair }] : []));
