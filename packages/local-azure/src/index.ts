export type { EnginePreference } from './app-service/engines/choose.ts';
export type { WorkerGeneration } from './app-service/log/worker-logs.ts';
export { type Clock, systemClock } from './clock.ts';
export type { Credentials } from './credentials.ts';
export type { FaultState } from './faults/faults.ts';
export {
  type FaultControl,
  type LocalAzure,
  type LocalAzureOptions,
  type RegistryPort,
  type SystemDenial,
  startLocalAzure,
} from './local-azure.ts';
export { UserError } from './user-error.ts';
