import type { ImageConfig } from './engines/engine.ts';
import { instanceIdOf, type SiteSpec } from './site.ts';

const defaultPort = 80;

/**
 * The port that the platform talks to: WEBSITES_PORT, then PORT, then what the image exposes, then 80.
 * Source: azureossd.github.io 2023-02-15, "Whats the difference between PORT and WEBSITES_PORT"
 */
export function containerPort(settings: Record<string, string>, image: ImageConfig): number {
  const exposed = Object.keys(image.config?.ExposedPorts ?? {}).filter((port) => !port.endsWith('/udp'));
  const candidates = [
    settings.WEBSITES_PORT,
    settings.PORT,
    ...exposed.map((port) => port.replace(/\/tcp$/, '')),
  ];
  for (const candidate of candidates) {
    const port = Number(candidate);
    if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  }
  return defaultPort;
}

/** What the container sees: the platform's own variables (which the log shows), and the app settings over them. */
export function containerEnvironment(
  spec: SiteSpec,
  port: number,
): { platform: Record<string, string>; env: Record<string, string> } {
  const platform = {
    WEBSITE_SITE_NAME: spec.name.split('__')[0]!,
    WEBSITE_AUTH_ENABLED: 'False',
    PORT: String(port),
    WEBSITE_ROLE_INSTANCE_ID: '0',
    WEBSITE_HOSTNAME: spec.hostName,
    WEBSITE_INSTANCE_ID: instanceIdOf(spec.id),
    ...(spec.containerLogging.enabled ? { HTTP_LOGGING_ENABLED: '1' } : {}),
    WEBSITE_USE_DIAGNOSTIC_SERVER: 'False',
  };
  return { platform, env: { ...platform, ...spec.appSettings } };
}

const defaultStartLimitSeconds = 230;
const startLimitSeconds = { least: 10, most: 1800 };

/** Source: learn.microsoft.com/azure/app-service/reference-app-settings, WEBSITES_CONTAINER_START_TIME_LIMIT */
export function startLimitMs(settings: Record<string, string>): number {
  const seconds = Number(settings.WEBSITES_CONTAINER_START_TIME_LIMIT);
  const { least, most } = startLimitSeconds;
  return (seconds > 0 ? Math.min(Math.max(seconds, least), most) : defaultStartLimitSeconds) * 1000;
}

/**
 * What the platform asks a new container for, and the answers that make it ready: any at all, unless told otherwise.
 * Source: MicrosoftDocs/azure-docs reference-app-settings.md, "App environment"
 */
export function warmUpProbe(settings: Record<string, string>): {
  path: string;
  accepts(status: number): boolean;
} {
  const { WEBSITE_WARMUP_PATH: path = '', WEBSITE_WARMUP_STATUSES: list = '' } = settings;
  const statuses = list.split(',').map(Number).filter(Boolean);
  return {
    path: /^\/[!-~]*$/.test(path) ? path : '/robots933456.txt',
    accepts: (status) => statuses.length === 0 || statuses.includes(status),
  };
}
