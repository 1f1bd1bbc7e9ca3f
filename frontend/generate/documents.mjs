// Writes documents.json: the text of every operation that the app sends, exactly as it sends it, under the SHA-256 of
// that text. The server may be told to answer these only.
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { createRequest, formatDocument, stringifyDocument } from '@urql/core';
import { runnerImport } from 'vite';

const { module } = await runnerImport(new URL('../src/gql/graphql.ts', import.meta.url).pathname, {
  configFile: false,
  logLevel: 'error',
});
const operations = Object.values(module).filter(
  (value) =>
    value?.kind === 'Document' && value.definitions.some(({ kind }) => kind === 'OperationDefinition'),
);
const texts = operations.map((document) =>
  stringifyDocument(formatDocument(createRequest(document, {}).query)),
);
const named = Object.fromEntries(
  texts.sort().map((text) => [createHash('sha256').update(text).digest('hex'), text]),
);
await writeFile(new URL('../documents.json', import.meta.url), `${JSON.stringify(named, null, 2)}\n`);
