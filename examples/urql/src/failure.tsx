import type { CombinedError } from 'urql';

interface Violation {
  readonly path: string;
  readonly message: string;
}

/** The code of an error, and the rules that the input breaks. Decide by the code; messages may change. */
export function Failure({ error }: { readonly error: CombinedError }) {
  const first = error.graphQLErrors[0];
  if (!first) return <strong>The server does not answer: {error.message}</strong>;
  const violations = (first.extensions['violations'] ?? []) as readonly Violation[];
  return (
    <strong>
      {String(first.extensions['code'])}:{' '}
      {violations.map(({ path, message }) => `${path} ${message}`).join(', ') || first.message}
    </strong>
  );
}
