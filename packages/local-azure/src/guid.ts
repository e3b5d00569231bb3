const pattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Azure's ids of tenants, subscriptions, principals, clients, roles and role assignments. */
export const isGuid = (value: unknown): value is string => typeof value === 'string' && pattern.test(value);
