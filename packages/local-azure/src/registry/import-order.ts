import { ExpectedError } from '../expected-error.ts';
import type { Repository, Tag } from './names.ts';
import type { Reference } from './route.ts';

/** An image of one registry that is wanted in another, or elsewhere in the same. */
export interface ImportOrder {
  source: {
    /** The login server; of a registry elsewhere, its host, with the port if it has one. */
    registry: string;
    repository: Repository;
    reference: Reference;
    reader: Reader;
  };
  target: {
    /** The login server. */
    registry: string;
    places: { repository: Repository; tags: Tag[] }[];
  };
  /** Whether tags that exist are moved to the image. */
  force: boolean;
}

/**
 * Who must be allowed to pull the source: a principal that Azure's import service, which network rules do not hold
 * up, acts for; or whoever has the password. One without a user name is a token of Entra ID.
 */
export type Reader =
  | { kind: 'principal'; principalId: string }
  | { kind: 'password'; username?: string | undefined; password: string }
  | { kind: 'anonymous' };

/** Copies images to the registries of this local Azure. */
export interface Imports {
  /** Throws {@link ImportRefused} when a tag exists that is not to be moved. */
  check(order: ImportOrder): void;
  /** Copies the whole image. Rejects with {@link ImportRefused}, and no tag is set, when it must not or cannot. */
  run(order: ImportOrder): Promise<void>;
}

/** Its message is the reason, in ACR's words. */
export class ImportRefused extends ExpectedError {}
