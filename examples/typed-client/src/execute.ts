import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { ClientError, GraphQLClient } from 'graphql-request';

const url = process.env['LOG_MANAGER_URL'] ?? 'http://127.0.0.1:4000';
const key = process.env['LOG_MANAGER_KEY'];
const client = new GraphQLClient(`${url}/graphql`, {
  headers: key ? { authorization: `Bearer ${key}` } : {},
});

/** A broken rule of an input, such as `input.actions[3].time`. */
export interface Violation {
  readonly path: string;
  readonly message: string;
}

/** `extensions` of an error: ../../docs/errors.md. */
interface ErrorDetails {
  readonly code: string;
  /** Whether the same request may succeed when it is sent again unchanged. */
  readonly retryable: boolean;
  readonly violations?: readonly Violation[];
  /** RESULT_TOO_LARGE: an `endTime` with which the result is small enough. Null: page instead. */
  readonly retryEndTime?: string | null;
  /** Milliseconds to wait before the request is sent again. */
  readonly retryAfterMs?: number;
}

/** An error that the server answered with. Decide by `details.code`; messages may change. */
export class LogManagerError extends Error {
  constructor(
    message: string,
    readonly details: ErrorDetails,
  ) {
    super(message);
    this.name = 'LogManagerError';
  }
}

/**
 * Sends a document. Its variables and result have the types of the schema.
 * Throws LogManagerError if the server answers with an error; other errors mean that no answer arrived.
 */
export async function execute<Result, Variables extends object>(
  document: TypedDocumentNode<Result, Variables>,
  variables: NoInfer<Variables>,
): Promise<Result> {
  try {
    return await client.request<Result>(document, variables);
  } catch (error) {
    const first = error instanceof ClientError ? error.response.errors?.[0] : undefined;
    if (!first) throw error;
    throw new LogManagerError(first.message, first.extensions as unknown as ErrorDetails);
  }
}
