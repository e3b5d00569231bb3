import type { Resources } from '../../store/resources.ts';

/**
 * The settings of a site, each a document of its own below the site: `config/web`, `config/appsettings`, … They go
 * with the site when it is deleted.
 */
export interface Documents {
  read<T extends Record<string, unknown>>(siteId: string, document: Document<T>): T;
  write<T extends Record<string, unknown>>(siteId: string, document: Document<T>, value: T): T;
}

export interface Document<T extends Record<string, unknown>> {
  /** Below the site, such as `config/web`. */
  path: string;
  /** What a site has of which nothing was ever written. */
  initial: T;
}

const documentType = 'Microsoft.Web/sites/config';

export function createDocuments(resources: Resources): Documents {
  return {
    read: <T extends Record<string, unknown>>(siteId: string, { path, initial }: Document<T>) =>
      (resources.get(`${siteId}/${path}`)?.body.properties ?? initial) as T,
    write(siteId, { path }, value) {
      resources.put(`${siteId}/${path}`, documentType, { properties: value });
      return value;
    },
  };
}
