import { type Cause, type Check, type ForetoldCause, isCheck, isForetold } from './cause.ts';
import { adminUserOff } from './flag/admin-user-off.ts';
import { declaredInWrongPlace } from './flag/declared-in-wrong-place.ts';
import { flagDiffersBetweenSlots } from './flag/flag-differs-between-slots.ts';
import { flagOff } from './flag/flag-off.ts';
import { leftoverCredentials } from './flag/leftover-credentials.ts';
import { resetByContainerSet } from './flag/reset-by-container-set.ts';
import { resetByDevopsTask } from './flag/reset-by-devops-task.ts';
import { settingsHalfWritten } from './flag/settings-half-written.ts';
import { sidecarIdentity } from './flag/sidecar-identity.ts';
import { storedAsPrivateRegistry } from './flag/stored-as-private-registry.ts';
import { armTokensRefused } from './grant/arm-tokens-refused.ts';
import { assignmentFailed } from './grant/assignment-failed.ts';
import { callerCannotGrant } from './grant/caller-cannot-grant.ts';
import { conditionExcludesRepository } from './grant/condition-excludes-repository.ts';
import { deniedOrCustom } from './grant/denied-or-custom.ts';
import { grantAtWrongScope } from './grant/grant-at-wrong-scope.ts';
import { grantIsYoung } from './grant/grant-is-young.ts';
import { grantOnOtherIdentity } from './grant/grant-on-other-identity.ts';
import { grantThroughGroup } from './grant/grant-through-group.ts';
import { identityAfterSite } from './grant/identity-after-site.ts';
import { legacyRole } from './grant/legacy-role.ts';
import { noPullRole } from './grant/no-pull-role.ts';
import { principalRecreated } from './grant/principal-recreated.ts';
import { registryMoved } from './grant/registry-moved.ts';
import { clientIdLostByTerraform } from './identity/client-id-lost-by-terraform.ts';
import { clientIdMissing } from './identity/client-id-missing.ts';
import { clientIdNotAttached } from './identity/client-id-not-attached.ts';
import { clientIdOfAnotherKind } from './identity/client-id-of-another-kind.ts';
import { identityDeleted } from './identity/identity-deleted.ts';
import { noIdentity } from './identity/no-identity.ts';
import { valueDroppedByAz } from './identity/value-dropped-by-az.ts';
import { composeApp } from './image/compose-app.ts';
import { referenceMalformed } from './image/reference-malformed.ts';
import { referenceWithoutHost } from './image/reference-without-host.ts';
import { diskFull } from './manifest/disk-full.ts';
import { dockerHubLimit } from './manifest/docker-hub-limit.ts';
import { idNotMapped } from './manifest/id-not-mapped.ts';
import { imageInQuarantine } from './manifest/image-in-quarantine.ts';
import { listedNotPullable } from './manifest/listed-not-pullable.ts';
import { manifestAbsent } from './manifest/manifest-absent.ts';
import { otherArchitecture } from './manifest/other-architecture.ts';
import { otherOperatingSystem } from './manifest/other-operating-system.ts';
import { registryThrottles } from './manifest/registry-throttles.ts';
import { replicaBehind } from './manifest/replica-behind.ts';
import { addressNotAllowed } from './network/address-not-allowed.ts';
import { blockedOnTheWay } from './network/blocked-on-the-way.ts';
import { customDns } from './network/custom-dns.ts';
import { dataEndpointBlocked } from './network/data-endpoint-blocked.ts';
import { dataEndpointRecord } from './network/data-endpoint-record.ts';
import { endpointNotApproved } from './network/endpoint-not-approved.ts';
import { environmentV2Dns } from './network/environment-v2-dns.ts';
import { propertyRenamed } from './network/property-renamed.ts';
import { registryClosed } from './network/registry-closed.ts';
import { settingOverruled } from './network/setting-overruled.ts';
import { slotNotIntegrated } from './network/slot-not-integrated.ts';
import { trustedServices } from './network/trusted-services.ts';
import { vnetWithoutWay } from './network/vnet-without-way.ts';
import { windowsOverVnet } from './network/windows-over-vnet.ts';
import { otherTenant } from './registry/other-tenant.ts';
import { registryHostUnknown } from './registry/registry-host-unknown.ts';
import { registryNotReady } from './registry/registry-not-ready.ts';
import { registryNotVisible } from './registry/registry-not-visible.ts';
import { crashAtStart } from './start/crash-at-start.ts';
import { localCopyHidesIt } from './start/local-copy-hides-it.ts';
import { noAnswerOnPort } from './start/no-answer-on-port.ts';
import { restartsRace } from './start/restarts-race.ts';
import { sameTagPushed } from './start/same-tag-pushed.ts';
import { siteBlocked } from './start/site-blocked.ts';
import { slowStart } from './start/slow-start.ts';
import { storageNotMounted } from './start/storage-not-mounted.ts';
import { webhookForbidden } from './start/webhook-forbidden.ts';
import { webhookUnauthorized } from './start/webhook-unauthorized.ts';
import { webhooksCross } from './start/webhooks-cross.ts';
import { credentialsTravel } from './swap/credentials-travel.ts';
import { identityNeverTravels } from './swap/identity-never-travels.ts';
import { instanceKeepsIdentity } from './swap/instance-keeps-identity.ts';
import { otherIdentityPulls } from './swap/other-identity-pulls.ts';
import { sourceMustStart } from './swap/source-must-start.ts';

/** Every cause, in the order of the links and, within a link, of likelihood. A new cause is one more line. */
export const causes: readonly Cause[] = [
  referenceMalformed,
  referenceWithoutHost,
  composeApp,

  registryHostUnknown,
  registryNotVisible,
  otherTenant,
  registryNotReady,

  noIdentity,
  clientIdMissing,
  clientIdOfAnotherKind,
  clientIdNotAttached,
  identityDeleted,
  clientIdLostByTerraform,
  valueDroppedByAz,
  instanceKeepsIdentity,
  identityNeverTravels,

  noPullRole,
  principalRecreated,
  grantAtWrongScope,
  grantOnOtherIdentity,
  legacyRole,
  conditionExcludesRepository,
  registryMoved,
  armTokensRefused,
  callerCannotGrant,
  deniedOrCustom,
  grantIsYoung,
  grantThroughGroup,
  assignmentFailed,
  identityAfterSite,
  otherIdentityPulls,

  flagOff,
  flagDiffersBetweenSlots,
  adminUserOff,
  leftoverCredentials,
  storedAsPrivateRegistry,
  sidecarIdentity,
  resetByContainerSet,
  resetByDevopsTask,
  declaredInWrongPlace,
  settingsHalfWritten,
  credentialsTravel,

  registryClosed,
  slotNotIntegrated,
  addressNotAllowed,
  trustedServices,
  settingOverruled,
  endpointNotApproved,
  customDns,
  blockedOnTheWay,
  vnetWithoutWay,
  dataEndpointBlocked,
  windowsOverVnet,
  dataEndpointRecord,
  propertyRenamed,
  environmentV2Dns,

  manifestAbsent,
  otherArchitecture,
  otherOperatingSystem,
  dockerHubLimit,
  imageInQuarantine,
  idNotMapped,
  diskFull,
  registryThrottles,
  listedNotPullable,
  replicaBehind,

  siteBlocked,
  restartsRace,
  localCopyHidesIt,
  sourceMustStart,
  noAnswerOnPort,
  crashAtStart,
  slowStart,
  storageNotMounted,
  webhookUnauthorized,
  webhookForbidden,
  sameTagPushed,
  webhooksCross,
];

/** Those that the interfaces of Azure decide, or hint at. */
export const checks: readonly Check[] = causes.filter(isCheck);

/** Those that lie in a swap to come. */
export const foretoldCauses: readonly ForetoldCause[] = causes.filter(isForetold);
