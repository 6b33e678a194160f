import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { buildSchema, isObjectType } from 'graphql';
import { startServer, type TestServer } from '../../support/server/server';

/** Every argument with a default: a selection with `@`, which stands for the argument. */
const selections: Readonly<Record<string, string>> = {
  'Query.logsConnection(order)': '{ logsConnection@ { nodes { id } } }',
  'Query.logsConnection(first)': '{ logsConnection@ { nodes { id } } }',
  'Query.logHistogram(timeZone)': `{ logHistogram(interval: DAY, groupBy: USER, @) { timeZone
    buckets { start otherCount } } }`,
  'Query.logHistogram(topGroups)': `{ logHistogram(interval: DAY, groupBy: USER, @) { timeZone
    buckets { start otherCount } } }`,
  'Query.logTypes(first)': '{ logTypes@ { types { type } otherCount } }',
  'Query.clickMap(x)': '{ clickMap@ { cells { x y count } } }',
  'Query.clickMap(y)': '{ clickMap@ { cells { x y count } } }',
  'Query.clickMap(cell)': '{ clickMap@ { cell } }',
  'Query.logChanges(first)': '{ logChanges@ { entries { id } hasMore } }',
  'Query.sessions(first)': '{ sessions@ { nodes { userId } } }',
  'Mutation.deleteUserData(dryRun)': 'mutation { deleteUserData(userId: "nobody", @) { dryRun } }',
  'Mutation.deleteSession(dryRun)': `mutation {
    deleteSession(userId: "nobody", sessionId: "s", @) { dryRun } }`,
  'LogEntryConnection.totalCount(upTo)': '{ logsConnection { totalCount@ { value exact } } }',
  'Session.entries(order)': '{ session(userId: "u0", sessionId: "s") { entries@ { nodes { id } } } }',
  'Session.entries(first)': '{ session(userId: "u0", sessionId: "s") { entries@ { nodes { id } } } }',
};

const defaults = new Map<string, string>();
for (const type of Object.values(buildSchema(readFileSync('schema.graphql', 'utf8')).getTypeMap())) {
  if (!isObjectType(type) || type.name.startsWith('__')) continue;
  for (const field of Object.values(type.getFields())) {
    for (const { name, type: argument, defaultValue } of field.args) {
      if (defaultValue !== undefined) defaults.set(`${type.name}.${field.name}(${name})`, String(argument));
    }
  }
}

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
  for (let user = 0; user < 12; user++) {
    const actions = [11, 22].map((x) => ({
      time: `2018-10-18T2${user % 4}:00:00Z`,
      type: `T${user}`,
      properties: { locationX: x, locationY: 2 * x },
    }));
    await server.rest('POST', '/logs/', { userId: `u${user}`, sessionId: 's', actions });
  }
});
afterAll(() => server.stop());

/** The document with the argument, or without it. */
function write(selection: string, argument: string): string {
  if (selection.includes(', @')) return selection.replace(', @', argument && `, ${argument}`);
  return selection.replace('@', argument && `(${argument})`);
}

describe('null for an argument with a default', () => {
  it.each([...defaults])('%s (%s) means the default', async (argument, type) => {
    expect(type).not.toContain('!');
    const selection = selections[argument]!;
    const name = /\((.*)\)/.exec(argument)![1]!;
    const expected = await server.graphql(write(selection, ''));
    expect(expected.errors).toBeUndefined();
    expect(await server.graphql(write(selection, `${name}: null`))).toEqual(expected);
    const variable = write(selection, `${name}: $v`).replace(/^(mutation|query)? ?/, (kind) => {
      return `${kind.trim() || 'query'} ($v: ${type}) `;
    });
    // The third time, the server executes it without Apollo Server.
    for (let times = 1; times <= 3; times++) {
      expect(await server.graphql(variable, { v: null })).toEqual(expected);
      expect(await server.graphql(variable, {})).toEqual(expected);
    }
  });
});
