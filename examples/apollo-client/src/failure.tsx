import { CombinedGraphQLErrors, type ErrorLike } from '@apollo/client';

interface Violation {
  readonly path: string;
  readonly message: string;
}

/** The code of an error, and the rules that the input breaks. Decide by the code; messages may change. */
export function Failure({ error }: { readonly error: ErrorLike }) {
  if (!CombinedGraphQLErrors.is(error)) return <strong>The server does not answer: {error.message}</strong>;
  const extensions = error.errors[0]?.extensions;
  const violations = (extensions?.['violations'] ?? []) as readonly Violation[];
  return (
    <strong>
      {String(extensions?.['code'])}:{' '}
      {violations.map(({ path, message }) => `${path} ${message}`).join(', ') || error.message}
    </strong>
  );
}
