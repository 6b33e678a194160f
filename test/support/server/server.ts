import { createApp, type App } from '../../../src/app';
import { readConfig } from '../../../src/config/config';
import { createLogger } from '../../../src/telemetry/logger';
import { createDatabase } from '../database/database';
import { keepAlive, sendHttp } from './http';

export interface TestServer {
  readonly url: string;
  /** Executes one GraphQL operation. */
  graphql(query: string, variables?: object): Promise<GraphQLAnswer>;
  rest(method: string, path: string, body?: unknown): Promise<RestAnswer>;
  stop(): Promise<void>;
}

export interface GraphQLAnswer {
  readonly status: number;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- what an answer holds depends on the document
  readonly data?: any;
  readonly errors?: readonly AnsweredError[];
}

export interface RestAnswer {
  readonly status: number;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- an array of entries, or errors
  readonly body: any;
}

export interface AnsweredError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions: {
    readonly code: string;
    readonly retryable: boolean;
    readonly violations?: readonly { readonly path: string; readonly message: string }[];
    readonly [detail: string]: unknown;
  };
}

/** A server on a free port and a database of its own, which goes when it stops. */
export async function startServer(
  environment: Record<string, string> = {},
  consoleDirectory?: string,
): Promise<TestServer> {
  const database = await createDatabase();
  const config = readConfig({
    PORT: '0',
    DATABASE_URL: database.url,
    LOG_LEVEL: 'fatal',
    ...environment,
  });
  const app: App = await createApp(config, createLogger(config.logLevel), consoleDirectory);
  const [address] = await app.start();
  const url = `http://${address}`;
  return {
    url,
    graphql: async (query, variables) => {
      const body = JSON.stringify({ query, variables });
      const answer = await sendHttp(`${url}/graphql`, { method: 'POST', agent: keepAlive, body });
      return { status: answer.status, ...(answer.body as object) };
    },
    rest: (method, path, body) => {
      const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
      return sendHttp(url + path, { method, agent: keepAlive, body: text });
    },
    stop: async () => {
      await app.stop();
      await database.remove();
    },
  };
}
