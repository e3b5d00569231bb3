const host = 'login.microsoftonline.com';

/** The OpenID configuration of a tenant; `tenant` as in the request's path, `issuer` as tokens carry it. */
export function openidConfiguration(tenant: string, issuerTenant: string, version: 'v1' | 'v2') {
  const base = `https://${host}/${tenant}`;
  const oauth2 = version === 'v2' ? `${base}/oauth2/v2.0` : `${base}/oauth2`;
  return {
    token_endpoint: `${oauth2}/token`,
    token_endpoint_auth_methods_supported: ['client_secret_post', 'client_secret_basic'],
    jwks_uri: version === 'v2' ? `${base}/discovery/v2.0/keys` : `${base}/discovery/keys`,
    response_modes_supported: ['query', 'fragment', 'form_post'],
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['RS256'],
    response_types_supported: ['code', 'id_token', 'code id_token', 'id_token token'],
    scopes_supported: ['openid', 'profile', 'email', 'offline_access'],
    issuer:
      version === 'v2' ? `https://${host}/${issuerTenant}/v2.0` : `https://sts.windows.net/${issuerTenant}/`,
    authorization_endpoint: `${oauth2}/authorize`,
    device_authorization_endpoint: `${oauth2}/devicecode`,
    end_session_endpoint: `${oauth2}/logout`,
    tenant_region_scope: null,
    cloud_instance_name: 'microsoftonline.com',
    cloud_graph_host_name: 'graph.windows.net',
    msgraph_host: 'graph.microsoft.com',
    rbac_url: 'https://pas.windows.net',
  };
}

/** The clouds that MSAL may ask about before it trusts a host: this one alone. */
export function instanceDiscovery(tenant: string) {
  return {
    tenant_discovery_endpoint: `https://${host}/${tenant}/v2.0/.well-known/openid-configuration`,
    'api-version': '1.1',
    metadata: [
      {
        preferred_network: host,
        preferred_cache: 'login.windows.net',
        aliases: [host, 'login.windows.net', 'login.microsoft.com', 'sts.windows.net'],
      },
    ],
  };
}
