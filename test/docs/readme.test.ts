import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
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

it('README.md has the version of package.json', () => {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
  expect(readFileSync('README.md', 'utf8')).toContain(`\nVersion ${version}: `);
});

it('each link of a page leads to a file, and to a heading in it', () => {
  const pages = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'deploy/README.md'].concat(
    ['docs', 'docs/adr'].flatMap((folder) =>
      readdirSync(folder)
        .filter((name) => name.endsWith('.md'))
        .map((name) => join(folder, name)),
    ),
  );
  const broken = pages.flatMap((page) => {
    const links = [...readFileSync(page, 'utf8').matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)/g)];
    return links
      .filter(([, path, heading]) => {
        const target = path === '' ? page : join(dirname(page), path!);
        if (!existsSync(target)) return true;
        return heading !== undefined && !headingsOf(target).includes(heading);
      })
      .map(([link]) => `${page} ${link}`);
  });
  expect(broken).toEqual([]);
});

/** The anchors that GitHub gives to the headings of a page. */
function headingsOf(page: string): readonly string[] {
  return [...readFileSync(page, 'utf8').matchAll(/^#+ (.*)$/gm)].map(([, text]) =>
    text!
      .toLowerCase()
      .replace(/[^\w -]/g, '')
      .replaceAll(' ', '-'),
  );
}
