/** Returns a function that calls `work` once for each key, and returns that result at each call. */
export function memoize<Result, Key = void>(work: (key: Key) => Result): (key: Key) => Result {
  const results = new Map<Key, Result>();
  return (key) => {
    let result = results.get(key);
    if (result === undefined) {
      result = work(key);
      results.set(key, result);
    }
    return result;
  };
}
