import type { PipelinePolicy } from '@azure/core-rest-pipeline';
import { HttpsProxyAgent } from 'https-proxy-agent';

/**
 * Keeps connections through a proxy for the next call. The SDK's transport keeps those that need no proxy, but makes
 * a new one for each call through a proxy, which takes three round trips: CONNECT, TLS, the call.
 */
export const keepConnectionsPolicy: PipelinePolicy = {
  name: 'keepConnections',
  sendRequest: (request, next) => {
    // Set by the transport where a proxy is to be used.
    if (request.agent instanceof HttpsProxyAgent) request.agent = keptAgent(request.agent.proxy.href);
    return next(request);
  },
};

class KeepingAgent extends HttpsProxyAgent<string> {
  /**
   * Its base looks for "https" in the call stack, and so looks for a kept connection under another name than it has.
   */
  override isSecureEndpoint(): boolean {
    return true;
  }
}

const agents = new Map<string, KeepingAgent>();

function keptAgent(proxy: string): KeepingAgent {
  const agent = agents.get(proxy) ?? new KeepingAgent(proxy, { keepAlive: true });
  agents.set(proxy, agent);
  return agent;
}
