import type { SiteDirectory } from '../site.ts';
import type { KuduRoute } from './route.ts';

export interface DockerHookOptions {
  sites: SiteDirectory;
  restart(siteId: string): void;
}

/**
 * The webhook of continuous deployment. It never looks at what was pushed: the scope is the registry's matter. The
 * newer address is the one that Deployment Center gives to a registry today.
 * Sources: Azure-App-Service/KuduLite Kudu.Services/Docker/DockerController.cs; azureossd.github.io 2025-12-16
 */
export function dockerHookRoutes({ sites, restart }: DockerHookOptions): KuduRoute[] {
  const route = (path: RegExp, status: number): KuduRoute => ({
    methods: ['POST'],
    path,
    handle({ response, siteId }) {
      // Without the setting the hook is answered all the same, and nothing happens.
      if (isTrue(sites.spec(siteId)?.appSettings.DOCKER_ENABLE_CI)) restart(siteId);
      response.writeHead(status).end();
    },
  });
  return [route(/^\/(?:api\/)?docker\/hook\/?$/i, 200), route(/^\/api\/registry\/webhook\/?$/i, 202)];
}

/** Source: Azure-App-Service/KuduLite Kudu.Contracts/Infrastructure/StringUtils.cs, IsTrueLike */
const isTrue = (value = '') => value === '1' || value.toLowerCase() === 'true';
