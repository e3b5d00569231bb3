import type { Credentials } from './credentials.ts';
import type { DataDir } from './store/data-dir.ts';

/**
 * The environment variables under which an unmodified client takes the local Azure for Azure.
 *
 * The certificate variables name our root alone: a client under these settings trusts nobody else, which is safe
 * because the proxy lets it reach nobody else. Plain HTTP goes through the proxy too, so that nothing that is
 * meant for here reaches the real Azure by mistake.
 */
export function clientSettings(dir: DataDir, port: number, credentials: Credentials): Record<string, string> {
  const proxy = `http://127.0.0.1:${port}`;
  const noProxy = 'localhost,127.0.0.1,::1,.localhost';
  return {
    LOCAL_AZURE: '1',
    // Both spellings: curl, Python and Go differ in which one they prefer.
    HTTPS_PROXY: proxy,
    https_proxy: proxy,
    HTTP_PROXY: proxy,
    http_proxy: proxy,
    NO_PROXY: noProxy,
    no_proxy: noProxy,
    REQUESTS_CA_BUNDLE: dir.caCertificate,
    CURL_CA_BUNDLE: dir.caCertificate,
    SSL_CERT_FILE: dir.caCertificate,
    NODE_EXTRA_CA_CERTS: dir.caCertificate,
    // Lets fetch of newer Node honour the proxy variables.
    NODE_USE_ENV_PROXY: '1',
    AZURE_TENANT_ID: credentials.tenantId,
    AZURE_CLIENT_ID: credentials.clientId,
    AZURE_CLIENT_SECRET: credentials.clientSecret,
    AZURE_SUBSCRIPTION_ID: credentials.subscriptionId,
    AZURE_CONFIG_DIR: dir.azureConfig,
    AZURE_CORE_COLLECT_TELEMETRY: 'false',
  };
}

/** Variables of a real Azure's set-up that would lead a client past the settings above: to be unset. */
export const divertingVariables = [
  'AZURE_AUTHORITY_HOST',
  'AZURE_CLIENT_CERTIFICATE_PATH',
  'AZURE_FEDERATED_TOKEN_FILE',
  'AZURE_USERNAME',
  'AZURE_PASSWORD',
  'ALL_PROXY',
  'all_proxy',
];
