import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { buildSchema, parse, validate } from 'graphql';

const schemaText = readFileSync('schema.graphql', 'utf8');

/** What a component of an application has: a fragment that pages through the entries, and a query that begins it. */
const entryList = `
export const list = graphql\`
  fragment entryList_query on Query
  @refetchable(queryName: "entryListPaginationQuery")
  @argumentDefinitions(
    filter: { type: "LogFilter" }
    order: { type: "LogOrder", defaultValue: TIME_DESC }
    count: { type: "Int", defaultValue: 100 }
    cursor: { type: "String" }
  ) {
    logsConnection(filter: $filter, order: $order, first: $count, after: $cursor)
      @connection(key: "entryList_logsConnection") {
      edges { node { id time type properties userId sessionId receivedAt } }
      totalCount(upTo: 1000) { value exact }
    }
  }
\`;
export const begin = graphql\`
  query entryListQuery($filter: LogFilter) { ...entryList_query @arguments(filter: $filter) }
\`;`;

const sessionList = `
export const query = graphql\`
  query sessionListQuery($filter: SessionFilter, $count: Int!, $cursor: String) {
    sessions(filter: $filter, first: $count, after: $cursor)
      @connection(key: "sessionList_sessions") {
      edges {
        node {
          userId sessionId startedAt endedAt entryCount
          entries(first: 10) @connection(key: "sessionList_entries") { edges { node { id time } } }
        }
      }
    }
  }
\`;`;

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'log-manager-relay-'));
  writeFileSync(join(directory, 'schema.graphql'), schemaText);
});
afterAll(() => rmSync(directory, { recursive: true }));

/** Compiles a project of one file, and returns how to read what was made of it. */
async function compile(name: string, source: string): Promise<(artifact: string) => string> {
  const project = join(directory, name);
  mkdirSync(join(project, 'generated'), { recursive: true });
  writeFileSync(join(project, `${name}.ts`), `import { graphql } from 'relay-runtime';\n${source}\n`);
  const config = {
    src: `./${name}`,
    schema: './schema.graphql',
    language: 'typescript',
    artifactDirectory: `./${name}/generated`,
    customScalarTypes: {
      DateTime: 'string',
      JSONObject: 'Record<string, unknown>',
      JSON: 'string | number | boolean',
      SafeInt: 'number',
    },
  };
  const configFile = join(directory, `${name}.config.json`);
  writeFileSync(configFile, JSON.stringify(config));
  const compiler = resolve('node_modules/relay-compiler/cli.js');
  await promisify(execFile)(process.execPath, [compiler, configFile], { cwd: directory });
  return (artifact) => readFileSync(join(project, 'generated', `${artifact}.graphql.ts`), 'utf8');
}

/** The document in an artifact, which an application sends. */
function documentOf(artifact: string): string {
  const [, text] = /"text": ("(?:[^"\\]|\\.)*")/.exec(artifact)!;
  return JSON.parse(text!) as string;
}

describe('relay-compiler', () => {
  it('compiles a @connection over logsConnection to a query for the next page that fits the schema', async () => {
    const artifact = await compile('entryList', entryList);
    expect(artifact('entryList_query')).toContain('__entryList_logsConnection_connection');
    expect(artifact('entryList_query')).toContain('"LogEntryConnection"');
    for (const name of ['entryListPaginationQuery', 'entryListQuery']) {
      expect(artifact(name)).toContain('"handle": "connection"');
      expect(artifact(name)).toContain('"key": "entryList_logsConnection"');
      const document = documentOf(artifact(name));
      expect(document).toMatch(/logsConnection\(filter: \$filter, order: .* first: /);
      expect(document).toMatch(/pageInfo \{\s+endCursor\s+hasNextPage\s+\}/);
      expect(validate(buildSchema(schemaText), parse(document))).toEqual([]);
    }
    // Cursors between pages are those of the arguments that are not about paging.
    expect(artifact('entryListPaginationQuery')).toMatch(/"filters": \[\s+"filter",\s+"order"\s+\]/);
  });

  it('compiles @connections over sessions and the entries of each', async () => {
    const artifact = await compile('sessionList', sessionList);
    const query = artifact('sessionListQuery');
    expect(query).toContain('"key": "sessionList_sessions"');
    expect(query).toContain('"key": "sessionList_entries"');
    expect(validate(buildSchema(schemaText), parse(documentOf(query)))).toEqual([]);
  });

  it('writes the predicates of a property filter as a type of exactly one of them', async () => {
    const artifact = await compile('entryList', entryList);
    const text = artifact('entryListQuery');
    expect(text).toMatch(/equals: string \| number \| boolean;\s+exists\?: never;/);
    expect(text).toMatch(/equals\?: never;\s+exists: boolean;/);
  });

  it('refuses what does not fit the schema', async () => {
    const wrong = entryList.replaceAll('entryList', 'wrong').replace('receivedAt', 'recievedAt');
    await expect(compile('wrong', wrong)).rejects.toThrow(/recievedAt/);
  });
});
