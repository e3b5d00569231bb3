import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type Docker from 'dockerode';
import { EngineError, type LocalImage } from '../engine.ts';
import { dockerArchive } from './docker-archive.ts';

/** Hands an image to the engine unless it has it, and returns the name by which the engine knows it. */
export async function loadImage(docker: Docker, image: LocalImage): Promise<string> {
  const { digest } = image.configFile;
  // Classic image stores know an image by the digest of its configuration, containerd's only by our tag.
  const tag = `localhost/local-azure:${digest.replace(':', '-')}`;
  for (const name of [digest, tag]) if (await has(docker, name)) return name;

  const answer = await docker.loadImage(dockerArchive(image, tag), { quiet: true });
  for await (const line of createInterface({ input: answer as Readable })) {
    const { error } = JSON.parse(line || '{}') as { error?: string };
    if (error) throw new EngineError(`the container engine refuses image ${image.reference}: ${error}`);
  }
  if (await has(docker, tag)) return tag;
  throw new EngineError(`the container engine did not keep image ${image.reference}`);
}

async function has(docker: Docker, name: string): Promise<boolean> {
  try {
    await docker.getImage(name).inspect();
    return true;
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode === 404) return false;
    throw error;
  }
}
