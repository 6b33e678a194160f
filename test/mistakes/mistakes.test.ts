import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { errorCodes, type ErrorCode } from '../../src/logs/model/error-codes';
import { startServer, type AnsweredError, type TestServer } from '../support/server/server';
import { httpMistakes } from './support/http';
import { literalMistakes } from './support/literals';
import { operationMistakes } from './support/operations';
import type { Answer } from './support/requests';
import { restMistakes } from './support/rest';
import { variableMistakes } from './support/variables';

interface Error extends AnsweredError {
  readonly locations?: readonly { readonly line: number; readonly column: number }[];
}

const mistakes = {
  'in a document': literalMistakes,
  'in variables': variableMistakes,
  'in a GraphQL request': operationMistakes,
  'in a REST request': restMistakes,
  'in HTTP': httpMistakes,
};

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

/** Where an error is: its violations, else its field, else the positions in the document. */
function placeOf({ extensions, path, locations }: Error): string {
  const places =
    extensions.violations?.map((violation) => violation.path) ??
    path?.map(String) ??
    locations?.map(({ line, column }) => `${line}:${column}`);
  return places?.join(' ') ?? '';
}

function describeAnswer({ status, body }: Answer): readonly unknown[] {
  const [error, ...others] = body.errors as Error[];
  expect(others).toEqual([]);
  const { code, retryable } = error!.extensions;
  expect(retryable).toBe(errorCodes[code as ErrorCode].retryable);
  return [`${status} ${code}`, placeOf(error!), error!.message];
}

describe.each(Object.entries(mistakes))('a mistake %s', (_where, list) => {
  it.each(list)('%s', async (_name, send, ...expected) => {
    // The server executes an operation that it knows in another way.
    for (let time = 1; time <= 3; time++) expect(describeAnswer(await send(server.url))).toEqual(expected);
  });
});

it('there are more than 90 mistakes', () => {
  const names = Object.values(mistakes).flatMap((list) => list.map(([name]) => name));
  expect(names.length).toBeGreaterThan(90);
});
