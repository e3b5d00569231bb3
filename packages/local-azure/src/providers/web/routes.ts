import { z } from 'zod';
import { notImplemented } from '../../resource-manager/azure-error.ts';
import type { Route } from '../../resource-manager/route.ts';
import { parseBody } from '../../resource-manager/tracked-resource.ts';
import { createDocuments } from './documents.ts';
import { planRoutes } from './plan-routes.ts';
import { hostName, isValidSiteName } from './site-names.ts';
import { siteRoutes } from './site-routes.ts';
import type { WebContext } from './sites.ts';

export type WebRouteOptions = Omit<WebContext, 'documents'>;

/** `Microsoft.Web`. */
export function webRoutes(options: WebRouteOptions): Route[] {
  const context = { ...options, documents: createDocuments(options.resources) };
  return [
    ...planRoutes(options.resources),
    ...siteRoutes(context),
    nameAvailability(context),
    ...stacks,
    ...publishingUsers,
  ];
}

const nameSchema = z.object({ name: z.string(), type: z.string() });

const nameAvailability = ({ resources }: WebContext): Route => ({
  method: 'POST',
  path: '/subscriptions/{subscriptionId}/providers/Microsoft.Web/checknameavailability',
  action: 'Microsoft.Web/checknameavailability/Read',
  handle: ({ body }) => {
    const { name } = parseBody(nameSchema, body);
    if (!isValidSiteName({ app: name })) {
      const message = 'Site names have letters, digits and hyphens, and neither begin nor end with a hyphen.';
      return { status: 200, body: { nameAvailable: false, reason: 'Invalid', message } };
    }
    const taken = resources.getByHostName(hostName({ app: name })) !== undefined;
    const message = `Hostname '${name}' already exists. Please select a different name.`;
    return {
      status: 200,
      body: taken
        ? { nameAvailable: false, reason: 'AlreadyExists', message }
        : { nameAvailable: true, reason: '', message: '' },
    };
  },
});

/** This local Azure runs images of one's own, and has no built-in stacks to list. */
const stacks: Route[] = ['webAppStacks', 'availableStacks'].map((name) => ({
  method: 'GET',
  path: `/providers/Microsoft.Web/${name}`,
  action: null,
  handle: () => ({ status: 200, body: { value: [], nextLink: null } }),
}));

/** Principals here are applications, and deploy with tokens. */
const publishingUsers = (['GET', 'PUT'] as const).map(
  (method): Route => ({
    method,
    path: '/providers/Microsoft.Web/publishingUsers/web',
    action: null,
    handle: () => {
      throw notImplemented("a publishing user of one's own; each site has one, and Entra tokens do as well");
    },
  }),
);
