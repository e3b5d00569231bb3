import { acr } from './acr.mjs';
import { blobs } from './blobs.mjs';
import { discovery } from './discovery.mjs';
import { manifests } from './manifests.mjs';
import { tokens } from './tokens.mjs';
import { uploads } from './uploads.mjs';

/**
 * What is asked, by group of routes. A group is a list of productions: `make(random, client)` gives a valid request
 * `{ method, path, query?, headers, body? }`, with `learn(answer)` for what the client remembers of an answer to it as
 * it stands, and `check(request, answer)` for what must hold of any: it returns what is wrong. Another group of routes
 * is one more file and one more line here; `weight` is its share.
 */
export const grammar = [
  { name: 'blobs', weight: 5, productions: blobs },
  { name: 'uploads', weight: 8, productions: uploads },
  { name: 'manifests', weight: 6, productions: manifests },
  { name: 'discovery', weight: 2, productions: discovery },
  { name: 'tokens', weight: 1, productions: tokens },
  { name: 'acr', weight: 3, productions: acr },
];
