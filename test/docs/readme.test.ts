import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { startServer } from '../support/server/server';

it('each GraphQL document of README.md and docs/erasing.md runs, and gives the answer below it', async () => {
  const text = ['README.md', 'docs/erasing.md'].map((name) => readFileSync(name, 'utf8')).join('\n');
  const blocks = [...text.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(([, kind, content]) => ({
    kind,
    content,
  }));
  const documents = blocks.flatMap(({ kind, content }, at) =>
    kind === 'graphql' ? [{ query: content!, next: blocks[at + 1] }] : [],
  );
  expect(documents.map(({ next }) => next?.kind)).toEqual(['json', 'json', 'sh', undefined]);
  const server = await startServer();
  try {
    for (const { query, next } of documents) {
      const { status, ...body } = await server.graphql(query);
      expect([status, body.errors]).toEqual([200, undefined]);
      if (next?.kind === 'json') expect(body).toEqual(JSON.parse(next.content!));
    }
  } finally {
    await server.stop();
  }
});

it('each test that SECURITY.md names exists, and each threat names one', () => {
  const rows = readFileSync('SECURITY.md', 'utf8').match(/^\| (?!threat|-).*$/gm)!;
  expect(rows.length).toBeGreaterThan(15);
  const paths = rows.flatMap((row) => {
    const named = [...row.matchAll(/`(test\/[\w/-]+)`/g)].map(([, path]) => path!);
    expect([row, named.length]).not.toEqual([row, 0]);
    return named;
  });
  expect(paths.filter((path) => !existsSync(path) && !existsSync(`${path}.test.ts`))).toEqual([]);
});
