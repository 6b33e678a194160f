/** Returns a function that does the work at its first call, and returns that result at each call. */
export function memoize<Result>(work: () => Result): () => Result {
  let done: { readonly result: Result } | undefined;
  return () => (done ??= { result: work() }).result;
}
