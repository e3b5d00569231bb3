import type { TokenCredential } from '@azure/identity';
import { systemClock } from '../clock.ts';
import { createAzureClock } from './azure-clock.ts';
import { createCredential } from './credential.ts';
import { graphScope } from './graph.ts';
import { createHttp, type Http } from './http.ts';
import { createPace } from './pace.ts';
import { createResourceManager, type ResourceManager, resourceManagerScope } from './resource-manager.ts';

/** Everything that a command needs to talk to Azure: made once, and handed down. */
export interface Azure {
  credential: TokenCredential;
  resourceManager: ResourceManager;
  /** With a bearer token for Resource Manager, which Kudu accepts too. */
  authenticated: Http;
  /** With a bearer token for Microsoft Graph, which is fetched when it is first used. */
  graph: Http;
  /** Without credentials: for registries, which have tokens of their own. */
  anonymous: Http;
  /** As a visitor of a site: without credentials, and what it answers first counts, be it a 503 or a redirect. */
  visitor: Http;
  /** Azure's own time: see {@link createAzureClock}. */
  now(): number;
}

/** `onHold` is told when a call waits for its turn, and for how many milliseconds: see {@link createPace}. */
export async function connectAzure(onHold?: (ms: number) => void): Promise<Azure> {
  const credential = await createCredential();
  const clock = createAzureClock(systemClock.now);
  const pace = createPace(systemClock, onHold);
  const authenticated = createHttp(
    { credential, scope: resourceManagerScope },
    {
      onAnswer: (answer) => {
        clock.observe(answer.headers.get('date'));
        pace.observe(answer);
      },
    },
  );
  return {
    credential,
    authenticated,
    graph: createHttp({ credential, scope: graphScope }),
    anonymous: createHttp(),
    visitor: createHttp(undefined, { maxRetries: 0, maxRedirects: 0 }),
    resourceManager: createResourceManager(pace.keep(authenticated)),
    now: clock.now,
  };
}
