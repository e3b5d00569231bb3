import type { Agent } from 'node:http';
import { ExpectedError } from '../expected-error.ts';
import { azureHost } from './hosts.ts';
import { notServed } from './targets.ts';

export interface AgentForOptions {
  /** Leads through the front door. */
  agent: Agent;
  allowOtherHosts: boolean;
}

/**
 * Which agent code in this process must take to reach a URL; `false` for one without a proxy. Throws what the front
 * door says to its clients where it lets nobody through. Only this machine itself is reached beside the front door.
 */
export const createAgentFor =
  ({ agent, allowOtherHosts }: AgentForOptions) =>
  ({ protocol, hostname }: URL): Agent | false => {
    if (azureHost(hostname)) {
      if (protocol !== 'https:') throw new ExpectedError(`${hostname} is served over HTTPS only.`);
      return agent;
    }
    if (!allowOtherHosts && !isLoopback(hostname)) throw new ExpectedError(notServed(hostname));
    return false;
  };

/** As `URL` spells it: numbers in any other form have become four decimals. */
const isLoopback = (hostname: string): boolean =>
  hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
