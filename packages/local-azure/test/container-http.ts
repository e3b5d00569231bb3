import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import type { Container } from '../src/app-service/engines/engine.ts';

/** Asks a container over HTTP, once. */
export function get(container: Container, path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    request({ ...container.address, path, agent: false }, (response) => text(response).then(resolve, reject))
      .on('error', reject)
      .end();
  });
}

/** Asks until there is an answer, as the platform's warm-up does. */
export async function getWhenReady(container: Container, path: string, deadlineMs = 10_000): Promise<string> {
  for (const deadline = Date.now() + deadlineMs; ; ) {
    try {
      return await get(container, path);
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
}
