import type { RegistryPort } from '../local-azure.ts';

/** How Docker names each registry. */
export const registryLines = (registries: RegistryPort[]): string[] =>
  registries.map(({ loginServer, port, formerPort }) => {
    const moved = formerPort === undefined ? '' : ` (was ${formerPort}, which another program has taken)`;
    return `127.0.0.1:${port} is ${loginServer}${moved}`;
  });
