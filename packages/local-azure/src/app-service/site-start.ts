import { randomBytes } from 'node:crypto';
import type { Clock } from '../clock.ts';
import type { Entra } from '../entra/entra.ts';
import { containerEnvironment, containerPort } from './container-settings.ts';
import {
  type Container,
  type Engine,
  EngineError,
  type HostService,
  type LocalImage,
  type NoEngine,
} from './engines/engine.ts';
import { parseFxVersion } from './image-reference.ts';
import { nothingToRun, notStarted, otherArchitecture, withShortfall } from './log/remarks.ts';
import type { SiteLog } from './log/site-log.ts';
import { machineArchitecture } from './manifest.ts';
import type { Puller } from './puller.ts';
import type { SiteSpec } from './site.ts';
import { createSitePull } from './site-pull.ts';
import { StartFailure } from './start-failure.ts';
import { splitCommand } from './startup-command.ts';
import { warmUp } from './warm-up.ts';

export interface SiteStartOptions {
  puller: Puller;
  entra: Entra;
  engine: Engine | NoEngine;
  clock: Clock;
  /** Whether a site may run an image that is on this machine although the registry refused it this time. */
  localCopies: boolean;
}

export interface StartRequest {
  spec: SiteSpec;
  log: SiteLog;
  /** Which of the site's containers it is, from 0 on. */
  sequence: number;
  hostService: HostService | undefined;
  signal: AbortSignal;
}

const stopGraceMs = 5_000;

/** One start of a site, step by step: pull, run, warm up. Rejects with {@link StartFailure} or the signal's reason. */
export function createSiteStart({ puller, entra, engine, clock, localCopies }: SiteStartOptions) {
  const pull = createSitePull({ puller, entra, clock, localCopies });

  return async (request: StartRequest): Promise<RunningSite> => {
    const image = await obtainImage(request);
    if (!('run' in engine)) {
      request.log.platform(notStarted(engine.reason));
      throw new StartFailure(engine.reason);
    }
    return run(engine, image, request);
  };

  async function obtainImage({ spec, log, signal }: StartRequest): Promise<LocalImage> {
    const fx = parseFxVersion(spec.linuxFxVersion);
    if (fx.kind !== 'docker') {
      const reason =
        fx.kind === 'none'
          ? 'linuxFxVersion is empty, so there is no image to run.'
          : `this local Azure runs DOCKER|<image> only, and linuxFxVersion is ${fx.value}`;
      log.platform(nothingToRun(reason));
      throw new StartFailure(reason);
    }
    const image = await pull(spec, fx.image, log, signal);
    if (!image) {
      log.platform({ kind: 'start-failed', site: spec.name });
      throw new StartFailure('the image could not be pulled');
    }
    return image;
  }

  async function run(
    engine: Engine,
    image: LocalImage,
    { spec, log, sequence, hostService, signal }: StartRequest,
  ): Promise<RunningSite> {
    const name = `${spec.name}_${sequence}_${randomBytes(4).toString('hex')}`;
    const port = containerPort(spec.appSettings, image.config);
    const { platform, env } = containerEnvironment(spec, port);
    const { appCommandLine = '' } = spec;
    const command = splitCommand(appCommandLine);
    if (machineArchitecture !== 'amd64') log.platform(otherArchitecture(machineArchitecture));
    log.platform({
      kind: 'starting',
      container: name,
      image: image.reference,
      port,
      env: platform,
      command: appCommandLine,
      logged: spec.containerLogging.enabled,
    });

    const container = await engine
      .run({
        name,
        image,
        env,
        ...(command.length > 0 ? { command } : {}),
        port,
        ...(spec.workerSize ? { resources: resourcesOf(spec.workerSize) } : {}),
        ...(hostService ? { hostService } : {}),
        onOutput: (_stream, line) => log.output(line),
      })
      .catch((error: unknown) => {
        if (!(error instanceof EngineError)) throw error;
        log.platform(notStarted(error.message));
        throw new StartFailure(error.message);
      });
    for (const shortfall of container.shortfalls) log.platform(withShortfall(shortfall));
    try {
      signal.throwIfAborted();
      await warmUp({
        container,
        name,
        site: spec.name,
        port,
        settings: spec.appSettings,
        log,
        clock,
        signal,
      });
    } catch (error) {
      await container.stop(signal.aborted ? stopGraceMs : 0);
      if (!signal.aborted) log.platform({ kind: 'start-failed', site: spec.name });
      throw error;
    }
    return { name, container };
  }
}

const resourcesOf = ({ cores, memoryGiB }: NonNullable<SiteSpec['workerSize']>) => ({
  cores,
  memoryBytes: memoryGiB * 1024 ** 3,
});

/** A container that answers. */
export interface RunningSite {
  name: string;
  container: Container;
}

/** Ends a container as the platform does: asked first, then killed. */
export const stopContainer = ({ container }: RunningSite) => container.stop(stopGraceMs);
