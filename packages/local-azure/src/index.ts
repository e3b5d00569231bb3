export { type Clock, systemClock } from './clock.ts';
export type { Credentials } from './credentials.ts';
export {
  type EngineChoice,
  type LocalAzure,
  type LocalAzureOptions,
  startLocalAzure,
} from './local-azure.ts';
export { UserError } from './user-error.ts';
