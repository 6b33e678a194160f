import { sendBytes, sendHttp, type HttpAnswer, type HttpRequest } from '../../support/server/http';

/** A mistake: its name, the request, status and code of the answer, the place that it names, and its message. */
export type Mistake = readonly [name: string, send: Send, outcome: string, place: string, text: string];

export type Answer = Pick<HttpAnswer, 'status' | 'body'>;

/** Sends the request to a server. */
export type Send = (url: string) => Promise<Answer>;

export const session = {
  userId: 'u',
  sessionId: 's',
  actions: [{ time: '2018-10-18T21:37:28-06:00', type: 'CLICK' }],
};
export const record =
  'mutation ($input: RecordSessionInput!) { recordSession(input: $input) { recordedCount } }';

const http =
  (path: string, request: HttpRequest): Send =>
  (url) =>
    sendHttp(url + path, request);

export const send = (method: string, path: string, body?: string, headers?: Record<string, string>): Send =>
  http(path, { method, ...(body !== undefined && { body }), ...(headers && { headers }) });

export const get = (path: string, headers: Record<string, string> = {}): Send => http(path, { headers });

export const post = (body: string | Buffer, headers: Record<string, string> = {}): Send =>
  http('/graphql', { method: 'POST', body, headers });

export const graphql = (query: string, variables?: unknown, more: object = {}): Send =>
  post(JSON.stringify({ query, variables, ...more }));

/** A GET of a query; `more`: further parameters. */
export const byQuery = (query: string, more = ''): Send =>
  get(`/graphql?query=${encodeURIComponent(query)}${more}`);

/** Records a session that differs from a valid one. */
export const recordChanged = (change: object): Send => graphql(record, { input: { ...session, ...change } });
export const recordActions = (...actions: unknown[]): Send => recordChanged({ actions });

export const rest = (body: unknown, headers: Record<string, string> = {}): Send =>
  http('/logs/', { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body), headers });

/** Bytes that no HTTP client sends. */
export const raw =
  (bytes: string | Buffer): Send =>
  async (url) => {
    const answer = await sendBytes(url, bytes);
    const [, status] = /^HTTP\/1\.1 (\d+) /.exec(answer) ?? [];
    const text = answer.slice(answer.indexOf('\r\n\r\n') + 4);
    return { status: Number(status), body: text.startsWith('{') ? JSON.parse(text) : undefined };
  };
