import { type Azure, connectAzure } from '../azure/azure.ts';
import { readLogStream } from '../azure/log-stream.ts';
import { apiVersions } from '../azure/resource-manager.ts';
import { Failure } from '../failure.ts';
import { cyan, dim, green, red } from '../report/style.ts';
import { readLogLine } from '../verify/log-lines.ts';
import { names } from './names.ts';
import { pushImage } from './push-image.ts';
import { assembleSampleImage } from './sample-image.ts';

const { group, registry, plan, app, slot, image, location } = names;

/**
 * The first half of the story: makes what a team makes in an afternoon, forgets what everybody forgets, and shows
 * what the platform then says. Runs as a program of its own, in the local Azure's environment.
 */
async function setUp(): Promise<void> {
  const azure = await connectAzure();
  const done = (text: string) => process.stdout.write(`  ${green('✔')} ${text}\n`);
  const groupId = `/subscriptions/${process.env.AZURE_SUBSCRIPTION_ID}/resourceGroups/${group}`;
  const appId = `${groupId}/providers/Microsoft.Web/sites/${app}`;
  const put = (path: string, apiVersion: string, body: unknown) =>
    azure.resourceManager.send('PUT', path, apiVersion, body);

  await put(groupId, apiVersions.resources, { location });
  done(`resource group ${group}`);
  const planId = `${groupId}/providers/Microsoft.Web/serverfarms/${plan}`;
  await Promise.all([
    put(
      `${groupId}/providers/Microsoft.ContainerRegistry/registries/${registry}`,
      apiVersions.containerRegistry,
      {
        location,
        sku: { name: 'Premium' },
        properties: { adminUserEnabled: false },
      },
    ),
    put(planId, apiVersions.web, {
      location,
      kind: 'linux',
      sku: { name: 'S1' },
      properties: { reserved: true },
    }),
  ]);
  done(`registry ${image.host} (Premium, admin user off) and Linux plan ${plan}`);

  const sample = await assembleSampleImage();
  await pushImage(azure, image, sample);
  done(`image pushed: ${image.host}/${image.repository}:${image.tag}  ${dim(sample.manifest.digest)}`);

  const site = {
    location,
    kind: 'app,linux,container',
    properties: {
      serverFarmId: planId,
      siteConfig: { linuxFxVersion: `DOCKER|${image.host}/${image.repository}:${image.tag}` },
    },
  };
  await put(appId, apiVersions.web, site);
  await put(`${appId}/slots/${slot}`, apiVersions.web, site);
  done(`web app ${app} and its slot ${slot}, both on that image; nothing else was set`);
  await showRefusal(azure, appId);
}

/** Follows the log of the app until the platform has given up on it, and prints the lines that matter. */
async function showRefusal(azure: Azure, appId: string): Promise<void> {
  const { properties } = await azure.resourceManager.get<{ properties: { defaultHostName: string } }>(
    appId,
    apiVersions.web,
  );
  const stop = AbortSignal.timeout(15_000);
  const scmHostName = properties.defaultHostName.replace('.', '.scm.');
  process.stdout.write(
    `\nThe platform tries to start it. Its log stream (${cyan(`https://${scmHostName}/api/logstream`)}):\n\n`,
  );
  azure.visitor('GET', `https://${properties.defaultHostName}/`, { signal: stop }).catch(() => {});
  for await (const line of readLogStream(azure, { scmHostName }, stop)) {
    const event = readLogLine(line);
    if (event?.kind === 'pull-error' || event?.kind === 'pull-failed')
      process.stdout.write(`  ${red(line)}\n`);
    if (event?.kind === 'pull-failed') return;
  }
  throw new Failure('The log stream ended before the platform said anything about the pull.', {
    resource: appId,
  });
}

try {
  await setUp();
} catch (error) {
  if (!(error instanceof Failure)) throw error;
  process.stderr.write(`${error.message}${error.resource ? ` (${error.resource})` : ''}\n`);
  process.exitCode = 2;
}
