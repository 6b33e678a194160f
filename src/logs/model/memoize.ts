/** Does the work when it is asked for, and only the first time. */
export function memoize<Result>(work: () => Result): () => Result {
  let done: { readonly result: Result } | undefined;
  return () => (done ??= { result: work() }).result;
}
