import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { ExpectedError } from '../expected-error.ts';
import type { LastError } from './log/last-error.ts';

/** What a worker must know to run a site. The web provider derives it from the resources, anew for each start. */
export interface SiteSpec {
  /** Resource id of the app or the slot. */
  id: string;
  /** `hoge-app` or `hoge-app__staging`: what names the site in log lines and container names. */
  name: string;
  /** `hoge-app.azurewebsites.net` or `hoge-app-staging.azurewebsites.net`, lower-case. */
  hostName: string;
  /** As configured, such as `DOCKER|hoge.azurecr.io/app:0.1.0`. */
  linuxFxVersion: string;
  acrUseManagedIdentityCreds: boolean;
  /** Client id of the user-assigned identity that pulls; absent means the system-assigned one. */
  acrUserManagedIdentityID?: string;
  /** The identities attached to this site. */
  identity: { systemAssigned?: AttachedIdentity; userAssigned: UserAssignedIdentity[] };
  appSettings: Record<string, string>;
  appCommandLine?: string;
  /** Whether its images are pulled through its virtual network. */
  pullsOverVnet: boolean;
  /** Where its pulls come from, as a registry sees it: one of its `outboundIpAddresses`, or an address of its network. */
  pullAddress: string;
  /** Shares of the app's visitors that are led to its slots; a slot has none. */
  rampUpRules: RampUpRule[];
  /** What its plan's workers have; absent when that is not known. */
  workerSize?: { cores: number; memoryGiB: number };
  alwaysOn: boolean;
  containerLogging: ContainerLogging;
  /** False after `stop`. */
  enabled: boolean;
}

/** A share of an app's visitors that is led to one of its slots. */
export interface RampUpRule {
  /** By which a visitor can ask for the slot. */
  name: string;
  siteId: string;
  reroutePercentage: number;
}

/** `httpLogs.fileSystem` of `config/logs`: what becomes of the container's output. */
export interface ContainerLogging {
  enabled: boolean;
  retentionInMb: number;
  /** 0: no limit. */
  retentionInDays: number;
}

export interface AttachedIdentity {
  principalId: string;
  clientId: string;
}

export interface UserAssignedIdentity extends AttachedIdentity {
  resourceId: string;
}

/** What Resource Manager may ask of App Service. The work goes on behind; what is a promise can be waited for. */
export interface AppService {
  /**
   * Starts the site afresh: pull, start, warm up. For `restart`, and for every change of its configuration. `soft`
   * leaves a container alone that would be made the same. Resolves when the start has ended, well or not.
   */
  restart(siteId: string, how?: { soft?: boolean }): Promise<void>;
  stop(siteId: string): void;
  /** The site's resource was deleted: stops it and removes its container and logs. */
  remove(siteId: string): void;
  state(siteId: string): SiteState;
  /** What went wrong last with its container, since the local Azure started. */
  lastError(siteId: string): SiteError | undefined;
  /** The last lines of the platform's log of the site; empty when there are none. */
  containerLog(siteId: string): string;
  /**
   * Swaps what two sites run, so that no visitor is turned away. Rejects with {@link SwapFailure} when the source's
   * container does not answer; whatever it rejects with, nothing has changed then.
   */
  swap(swap: SlotSwap): Promise<void>;
  /** All log files of the site as a zip; undefined when there are none. */
  containerLogZip(siteId: string): Readable | undefined;
}

export interface SlotSwap {
  sourceId: string;
  targetId: string;
  /** What the source is warmed up with in place of its own: the settings that stay with the target count already. */
  settings: Pick<SiteSpec, 'appSettings'>;
  /** The source runs with those settings already: its swap was previewed. */
  isPrepared: boolean;
  /** Swaps what the sites are, in the same step in which their visitors are led elsewhere. */
  commit(): void;
}

/** The message says, for the log, what the source's container did. */
export class SwapFailure extends ExpectedError {}

export interface SiteError extends LastError {
  /** When. */
  on: number;
}

/**
 * The states are those of Azure's Site Status, but for `idle` and `failed`: nobody has come for long; the next attempt
 * is soon. `updating`: the old container serves while the new one starts. `blocked`: the next attempt is later.
 */
export type SiteState = 'stopped' | 'idle' | 'starting' | 'updating' | 'running' | 'failed' | 'blocked';

/** `WEBSITE_INSTANCE_ID`, and the name of the worker among the site's `instances`: 64 hex digits, always the same. */
export const instanceIdOf = (siteId: string) =>
  createHash('sha256').update(siteId.toLowerCase()).digest('hex');

/** What App Service reads of the control plane, anew each time. The web provider has the answers. */
export interface SiteDirectory {
  spec(siteId: string): SiteSpec | undefined;
  /** The site that answers for a host, lower-case: `<site>.azurewebsites.net` or `<site>.scm.azurewebsites.net`. */
  byHost(host: string): string | undefined;
  /** All sites, by id. */
  all(): string[];
  /** The first part of each site's host name, such as `hoge-app-staging`. */
  hostLabels(): string[];
  publishing(siteId: string): Publishing | undefined;
}

/** Who may use a site's scm host with a user name and a password. */
export interface Publishing {
  userName: string;
  password: string;
  /** `basicPublishingCredentialsPolicies/scm`: false leaves Entra tokens only. */
  allowed: boolean;
}
