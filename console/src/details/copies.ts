import type { Entry } from '../api/entry';
import { accessKey } from '../api/key';
import { graphqlUrl } from '../api/request';
import { nextMicrosecond } from '../table/entry-pages';

/** An entry as the API returns it. */
export function toJson(entry: Entry): string {
  return JSON.stringify(entry, null, 2);
}

/** A query that returns an entry, and those that have its user, session, type and time, too. */
export function toGraphql({ userId, sessionId, type, time }: Entry): string {
  // A JSON string is a GraphQL string.
  const text = JSON.stringify;
  return `query {
  logsConnection(
    filter: {
      userIds: [${text(userId)}]
      sessionIds: [${text(sessionId)}]
      types: [${text(type)}]
      startTime: ${text(time)}
      endTime: ${text(nextMicrosecond(time))}
    }
  ) {
    nodes {
      id
      time
      type
      properties
      userId
      sessionId
      receivedAt
    }
  }
}`;
}

/** The command that sends that query. The key is read from a variable: a key in a command stays in the shell's history. */
export function toCurl(entry: Entry): string {
  const query = toGraphql(entry).replace(/\n\s*/g, ' ');
  return [
    `curl ${quote(new URL(graphqlUrl, location.href).href)}`,
    `-H 'content-type: application/json'`,
    ...(accessKey() === null ? [] : ['-H "authorization: Bearer $LOG_MANAGER_KEY"']),
    `--data ${quote(JSON.stringify({ query }))}`,
  ].join(' \\\n  ');
}

/** Quotes an argument for a POSIX shell. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
