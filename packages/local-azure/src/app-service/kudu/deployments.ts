import { json, type KuduRoute, text } from './route.ts';

/**
 * Nothing is ever deployed into a site that runs a container: its image comes from a registry. Clients ask all the same.
 * Source: Azure-App-Service/KuduLite Kudu.Services/Deployment/DeploymentController.cs
 */
export const deploymentRoutes: KuduRoute[] = [
  {
    methods: ['GET'],
    path: /^\/(?:api\/)?deployments\/?$/i,
    handle: ({ response }) => json(response, []),
  },
  {
    methods: ['GET'],
    path: /^\/(?:api\/)?deployments\/(?<id>[^/]+)(?:\/log(?:\/[^/]+)?)?\/?$/i,
    handle: ({ response, groups }) => text(response, 404, `Deployment '${groups.id}' not found.`),
  },
  {
    methods: ['GET'],
    path: /^\/api\/isdeploying\/?$/i,
    handle: ({ response }) => json(response, { value: 'False', msg: '' }),
  },
];
