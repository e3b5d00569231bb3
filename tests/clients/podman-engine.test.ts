import { afterAll } from 'vitest';
import { createDockerEngine } from '../../packages/local-azure/src/app-service/engines/docker/docker-engine.ts';
import { describeEngine } from '../../packages/local-azure/test/engine-contract.ts';
import { startPodman, whyNoPodman } from './podman.ts';

const missing = whyNoPodman();
const podman = missing ? undefined : await startPodman();
afterAll(() => podman?.stop());

const open = async () => createDockerEngine(podman!.socketPath, 'contract');
describeEngine('Podman', missing, open, { tellsExitCode: false });
