import type { FaultKind } from '../fault-kind.ts';
import { configurationDelay } from './configuration-delay.ts';
import { entraDelay } from './entra-delay.ts';
import { entraOutage } from './entra-outage.ts';
import { identityDelay } from './identity-delay.ts';
import { interruptedPull } from './interrupted-pull.ts';
import { lateLogLines } from './late-log-lines.ts';
import { logStreamDrop } from './log-stream-drop.ts';
import { lostLogLines } from './lost-log-lines.ts';
import { registryOutage } from './registry-outage.ts';
import { registrySettingsDelay } from './registry-settings-delay.ts';
import { registryThrottling } from './registry-throttling.ts';
import { resourceManagerCut } from './resource-manager-cut.ts';
import { resourceManagerDelay } from './resource-manager-delay.ts';
import { resourceManagerOutage } from './resource-manager-outage.ts';
import { resourceManagerThrottling } from './resource-manager-throttling.ts';
import { roleAssignmentDelay } from './role-assignment-delay.ts';
import { roleRemovalDelay } from './role-removal-delay.ts';
import { slowPull } from './slow-pull.ts';
import { tokenCache } from './token-cache.ts';

/** Every way in which the local Azure can be made to fail, in the order in which people see them. */
export const kinds: readonly FaultKind[] = [
  roleAssignmentDelay,
  roleRemovalDelay,
  identityDelay,
  tokenCache,
  configurationDelay,
  registrySettingsDelay,
  registryOutage,
  registryThrottling,
  slowPull,
  interruptedPull,
  lostLogLines,
  lateLogLines,
  logStreamDrop,
  resourceManagerThrottling,
  resourceManagerOutage,
  resourceManagerDelay,
  resourceManagerCut,
  entraOutage,
  entraDelay,
];
