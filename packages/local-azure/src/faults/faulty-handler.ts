import type { IncomingMessage } from 'node:http';
import type { HttpHandler } from '../http-handler.ts';
import { befall } from './befall.ts';
import type { Failing } from './faults.ts';
import type { HttpOccasion } from './http-effect.ts';
import type { HttpPlace } from './places.ts';
import { registryOf, siteOf } from './resource-names.ts';

export interface FaultyHandlerOptions extends Failing {
  place: HttpPlace;
  /** The host that is asked, where the request comes by another name. */
  host?: string;
  /** The tier of a registry. */
  skuOf?(loginServer: string): string | undefined;
}

/** Lets a service fail as the faults at its place say. Where there is none, that is all that is asked. */
export function faultyHandler(handler: HttpHandler, options: FaultyHandlerOptions): HttpHandler {
  const { faults, clock, place } = options;
  return (request, response) => {
    if (!faults.areAt(place)) return handler(request, response);
    const effects = faults.strike(place, occasionOf(request, options)).map(({ effect }) => effect);
    if (effects.length === 0) return handler(request, response);
    befall(effects, request, response, clock).then(
      (goesOn) => goesOn && handler(request, response),
      () => response.destroy(),
    );
  };
}

function occasionOf(
  { method = '', url = '', headers }: IncomingMessage,
  { host = headers.host ?? '', skuOf }: FaultyHandlerOptions,
): HttpOccasion {
  const [path = ''] = url.split('?');
  const registry = registryOf(host) ?? registryOf(path);
  const site = siteOf(host) ?? siteOf(path);
  const sku = registry && skuOf?.(`${registry}.azurecr.io`);
  return { method, path, host, registry, ...(site ? { sites: [site] } : {}), ...(sku ? { sku } : {}) };
}
