import { createRandom } from '../../support/journal/random';
import { framings } from './framing-requests';
import { authorizations, lines, requestLines } from './header-lines';
import type { MalformedRequest } from './request';

const json = 'content-type: application/json';
const close = 'connection: close';
const host = 'host: localhost';
const operation = '{"query":"{ __typename }"}';
const length = `content-length: ${operation.length}`;
const targets = [
  '/graphql?query=%7B__typename%7D',
  '/logs/',
  '/livez',
  '/metrics',
  '/schema.graphql',
  '/nothing',
];

/** Requests whose line, headers, length or Authorization are wrong. */
export function headerRequests(count: number): MalformedRequest[] {
  const random = createRandom(5);
  const below = (end: number): number => Math.floor(random() * end);
  const pick = <Item>(items: readonly Item[]): Item => items[below(items.length)]!;

  function withLines(): MalformedRequest {
    const added = Array.from({ length: 1 + below(3) }, () => pick(lines));
    const isPost = random() < 0.4;
    const line = isPost ? 'POST /graphql HTTP/1.1' : `GET ${pick(targets)} HTTP/1.1`;
    const usual = [...(random() < 0.1 ? [] : [host]), close, ...(isPost ? [json, length] : [])];
    const headers = random() < 0.5 ? [...usual, ...added] : [...added, ...usual];
    const body = Buffer.from(isPost ? operation : '');
    return { name: `${line} with ${added.map((one) => one.slice(0, 60)).join(', ')}`, line, headers, body };
  }

  function withAuthorization(): MalformedRequest {
    const values = random() < 0.8 ? [pick(authorizations)] : [pick(authorizations), pick(authorizations)];
    const headers = [host, close, ...values.map((value) => `authorization: ${value}`)];
    const line = `GET ${pick(targets)} HTTP/1.1`;
    return {
      name: `${line} with ${values.map((one) => one.slice(0, 60)).join(', ')}`,
      line,
      headers,
      isAuthorized: true,
    };
  }

  function withLine(): MalformedRequest {
    const line = pick(requestLines);
    const headers = random() < 0.2 ? [close] : [host, close];
    return { name: `line ${JSON.stringify(line.slice(0, 80))}`, line, headers };
  }

  /** A usual request of which some characters are replaced; its length stays as it is. */
  function withNoise(): MalformedRequest {
    const replace = (text: string): string => {
      const at = below(text.length);
      return text.slice(0, at) + String.fromCharCode(below(256)) + text.slice(at + 1);
    };
    const parts = [
      `GET ${pick(targets)} HTTP/1.1`,
      host,
      'accept: */*',
      'user-agent: x',
      'idempotency-key: "x"',
    ];
    const at = below(parts.length);
    for (let edits = 1 + below(3); edits > 0; edits--) parts[at] = replace(parts[at]!);
    const [line = '', ...headers] = parts;
    return { name: `noise ${JSON.stringify(parts[at])}`, line, headers: [...headers, close] };
  }

  const kinds = [() => pick(framings), withLines, withLines, withAuthorization, withLine, withNoise];
  return Array.from({ length: count }, () => pick(kinds)());
}
