import type { KeyedServer } from '../../../support/server/keyed-server';
import { walk, walkedLists, walkSessions, type CursorPool } from './probes';

/** Some of the cursors that keys of a server get for the same lists. */
export async function collectCursors<Name extends string>(
  server: KeyedServer<Name>,
  keys: readonly Name[],
): Promise<CursorPool> {
  const cursorsOf = async (query: string, variables: object): Promise<readonly string[]> => {
    const found: string[] = [];
    for (const key of keys) {
      const { body } = await server.ask(key, query, variables);
      const [list] = Object.values(body.data as object) as [{ edges: { cursor: string }[] }];
      const cursors = list.edges.map(({ cursor }) => cursor);
      found.push(...cursors.filter((_cursor, at) => at % Math.ceil(cursors.length / 20) === 0));
    }
    // A list that no key finds anything in has none.
    return found.length > 0 ? found : ['none'];
  };
  const entries = new Map<(typeof walkedLists)[number], readonly string[]>();
  for (const list of walkedLists) entries.set(list, await cursorsOf(walk, { ...list, first: 1_000 }));
  return { entries, sessions: await cursorsOf(walkSessions, { first: 200 }) };
}
