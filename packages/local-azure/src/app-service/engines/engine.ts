import type { Socket } from 'node:net';
import { ExpectedError } from '../../expected-error.ts';

/** Runs containers. Two real ones: a Docker-compatible socket, and our own on Linux namespaces. */
export interface Engine {
  readonly name: 'docker' | 'linux';
  /** Starts a container; rejects with {@link EngineError} when it cannot be created or started. */
  run(spec: ContainerSpec): Promise<Container>;
  /** Removes what an earlier, killed instance with the same `owner` left behind, and nobody else's. */
  sweep(): Promise<void>;
  /** Stops all containers that this engine runs. */
  close(): Promise<void>;
}

export interface ContainerSpec {
  /** Unique among running containers, such as `hoge-app__staging_0_1a2b3c4d`. */
  name: string;
  image: LocalImage;
  env: Record<string, string>;
  /** Replaces the image's command, not its entry point. */
  command?: string[];
  /** The port that the process is expected to listen on. */
  port: number;
  /** The most that it may use. Absent: as much as there is. */
  resources?: Resources;
  /** What the container, and nobody else, can reach on the host. */
  hostService?: HostService;
  /** Called for each line of the container's output. */
  onOutput(stream: 'stdout' | 'stderr', line: string): void;
}

export interface Resources {
  memoryBytes: number;
  /** Processors. */
  cores: number;
}

/** A service over HTTP for one container. */
export interface HostService {
  /** Takes a connection of the container's. */
  serve(connection: Socket): void;
  /** What the container's environment says of it, given the `http://host:port` by which it is reached in there. */
  env(origin: string): Record<string, string>;
}

export interface Container {
  id: string;
  /** What of its spec it does without, in sentences for the log. */
  shortfalls: string[];
  /** Where the container's port answers: pass it to `http.request` or `net.connect` as it is. */
  address: { host: string; port: number } | { socketPath: string };
  /** Resolves when the process has ended, however it ended. */
  exited: Promise<ContainerExit>;
  /** Asks with SIGTERM, then kills after `graceMs`. Resolves when the container is gone. */
  stop(graceMs: number): Promise<void>;
}

export interface ContainerExit {
  code: number | null;
  signal: string | null;
}

/** An image whose blobs are all on this machine's disk, verified. */
export interface LocalImage {
  /** As configured, such as `hoge.azurecr.io/app:0.1.0`. */
  reference: string;
  /** Digest of the manifest. */
  digest: string;
  /** The image's OCI configuration. */
  config: ImageConfig;
  configFile: { digest: string; path: string };
  /** Lowest first. */
  layers: { digest: string; mediaType: string; size: number; path: string }[];
}

/** The fields that matter here of https://github.com/opencontainers/image-spec/blob/main/config.md */
export interface ImageConfig {
  architecture: string;
  os: string;
  config?: {
    User?: string;
    Env?: string[] | null;
    Entrypoint?: string[] | null;
    Cmd?: string[] | null;
    WorkingDir?: string;
    ExposedPorts?: Record<string, unknown> | null;
  };
  rootfs: { type: string; diff_ids: string[] };
}

/** The message is a sentence for the log, without secrets. */
export class EngineError extends ExpectedError {
  /** As a shell would end: 127 when the program is not there, 126 when it cannot be executed. */
  readonly exitCode: number | undefined;
  constructor(message: string, options: ErrorOptions & { exitCode?: number | undefined } = {}) {
    super(message, options);
    this.exitCode = options.exitCode;
  }
}

/** Why no engine can run here, with the setting that would change it. */
export interface NoEngine {
  reason: string;
}
