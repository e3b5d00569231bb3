import { createGenerator } from 'ts-json-schema-generator';
import { expect, test } from 'vitest';

// `npm run docs:schemas` writes them anew: they are made of the types, with their comments.

const acrpull = new URL('../packages/acrpull/', import.meta.url);
const file = (path: string) => new URL(path, acrpull).pathname;

// A snapshot is judged as a whole, so one with facts of which this version knows nothing is refused. Whoever reads a
// report leaves alone what it does not know, so that fields can be added within a version.
test.each([
  { id: 'snapshot-1', type: 'Snapshot', source: 'src/pull-path/snapshot.ts', isOpen: false },
  { id: 'report-1', type: 'Report', source: 'src/report/report.ts', isOpen: true },
])('the schema $id is in step with the type', async ({ id, type, source, isOpen }) => {
  const schema = createGenerator({
    path: file(source),
    tsconfig: new URL('../tsconfig.json', import.meta.url).pathname,
    type,
    topRef: false,
    expose: 'none',
    additionalProperties: isOpen,
    // `npm run typecheck` does.
    skipTypeCheck: true,
  }).createSchema(type);
  const published = { ...schema, $id: `urn:acrpull:${id}` };
  await expect(`${JSON.stringify(published, null, 2)}\n`).toMatchFileSnapshot(file(`schema/${id}.json`));
});
