/** A local Azure reduced to one container: `run-container.ts <directory>` says `answered` when it serves. */
import { join } from 'node:path';
import { createLinuxEngine } from '../src/app-service/engines/linux/linux-engine.ts';
import { getWhenReady } from './container-http.ts';
import { assembleFileServer } from './container-image.ts';

const directory = process.argv[2]!;
const container = await createLinuxEngine(join(directory, 'engine')).run({
  name: 'victim',
  image: await assembleFileServer(join(directory, 'blobs')),
  env: { SECRET_SETTING: 'not for command lines' },
  port: 80,
  onOutput: () => {},
});
await getWhenReady(container, '/');
console.log('answered');
