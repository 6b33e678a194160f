import type { TypedDocumentString } from './gql/graphql';

const url = process.env['LOG_MANAGER_URL'] ?? 'http://127.0.0.1:4000';
const key = process.env['LOG_MANAGER_KEY'];

interface Answer<Result> {
  readonly data?: Result | null;
  readonly errors?: readonly { readonly message: string }[];
}

/** Sends a document. Its variables and result have the types of the schema. */
export async function execute<Result, Variables>(
  document: TypedDocumentString<Result, Variables>,
  variables: Variables,
): Promise<Result> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(key && { authorization: `Bearer ${key}` }) },
    body: JSON.stringify({ query: document.toString(), variables }),
  });
  const { data, errors } = (await response.json()) as Answer<Result>;
  if (errors) throw new Error(errors.map(({ message }) => message).join('\n'));
  if (!data) throw new Error(`The server answered ${response.status} without data.`);
  return data;
}
