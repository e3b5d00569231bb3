/** Where `linuxFxVersion` or `windowsFxVersion` says the image is, taken apart; or what is wrong with it. */
export type ParsedReference =
  | { ok: true; reference: ImageReference }
  | { ok: false; problem: ReferenceProblem };

export interface ImageReference {
  /** Lower-case, such as `hoge.azurecr.io`. */
  host: string;
  repository: string;
  /** `latest` when neither tag nor digest is given. */
  tag: string;
  digest?: string;
}

/**
 * `prefix`: no `DOCKER|`. `compose`, `sidecars`: other container models. `stack`: no container of one's own.
 * `host`: Docker Hub is meant. `syntax`: Docker refuses it.
 */
export interface ReferenceProblem {
  kind: 'empty' | 'prefix' | 'compose' | 'sidecars' | 'stack' | 'host' | 'syntax';
  message: string;
}

/** The property of `config/web` that names the image. */
export type FxVersion = 'linuxFxVersion' | 'windowsFxVersion';

const refuse = (kind: ReferenceProblem['kind'], message: string): ParsedReference => ({
  ok: false,
  problem: { kind, message },
});

// Source: https://github.com/distribution/reference/blob/main/reference.go (the grammar in its header)
const hostPattern = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*(:\d+)?$/i;
const componentPattern = /^[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*$/;
const tagPattern = /^\w[\w.-]{0,127}$/;
const digestPattern = /^sha256:[0-9a-f]{64}$/;

/** Parses `DOCKER|host/repository[:tag][@digest]`. */
export function parseFxVersion(value: string, property: FxVersion = 'linuxFxVersion'): ParsedReference {
  if (value === '') return refuse('empty', `${property} is empty: no image is configured`);
  const [model = '', ...rest] = value.split('|');
  // Source: Azure/azure-cli appservice/custom.py, which writes "SITECONTAINERS" with nothing behind it.
  if (/^sitecontainers$/i.test(model))
    return refuse('sidecars', 'each container of the site names its own image');
  if (rest.length === 0) return refuse('prefix', `${property} does not begin with "DOCKER|"`);
  if (/^compose$/i.test(model)) return refuse('compose', 'a Docker Compose file names several images');
  if (!/^docker$/i.test(model))
    return refuse('stack', `"${model}" is a built-in stack: no image is pulled from a registry`);
  return parseImage(rest.join('|'));
}

/** Whether a site runs code on a built-in stack, such as `NODE|20-lts`, and pulls no image. */
export const isStack = (image: ParsedReference): boolean => !image.ok && image.problem.kind === 'stack';

/** Parses `host/repository[:tag][@digest]`, as Docker does. */
export function parseImage(image: string): ParsedReference {
  if (/^[a-z]+:\/\//i.test(image))
    return refuse('syntax', `a scheme ("${image.split('/')[0]}//") is not part of an image reference`);
  if (/\s/.test(image)) return refuse('syntax', 'an image reference has no spaces');

  const [named = '', digest, ...more] = image.split('@');
  if (more.length > 0 || (digest !== undefined && !digestPattern.test(digest))) {
    return refuse('syntax', `"${image.slice(named.length + 1)}" is not a digest`);
  }
  const slash = named.indexOf('/');
  const first = slash < 0 ? '' : named.slice(0, slash);
  // Docker's rule: the first part is a host only when it has a dot or a port, or is "localhost".
  if (!/[.:]/.test(first) && first !== 'localhost') {
    return refuse('host', `"${image}" names no registry, so Docker Hub is asked`);
  }
  if (!hostPattern.test(first)) return refuse('syntax', `"${first}" is not a host name`);

  const rest = named.slice(slash + 1);
  const colon = rest.lastIndexOf(':');
  const repository = colon < 0 ? rest : rest.slice(0, colon);
  const tag = colon < 0 ? 'latest' : rest.slice(colon + 1);
  const wrong = repository.split('/').find((component) => !componentPattern.test(component));
  if (wrong !== undefined) {
    return refuse(
      'syntax',
      /[A-Z]/.test(wrong)
        ? `repository names are lower-case: "${repository}"`
        : `"${repository}" is not a repository name`,
    );
  }
  if (!tagPattern.test(tag)) return refuse('syntax', `"${tag}" is not a tag`);
  return { ok: true, reference: { host: first.toLowerCase(), repository, tag, ...(digest && { digest }) } };
}

/** `host/repository:tag`, or `host/repository@digest` when the digest decides. */
export const formatReference = ({ host, repository, tag, digest }: ImageReference): string =>
  `${host}/${repository}${digest ? `@${digest}` : `:${tag}`}`;

/** Whether a registry with this login server is an Azure Container Registry: no other takes a managed identity. */
export const isAzureRegistry = (host: string) => host.endsWith('.azurecr.io');
