/** Tells the bench where the server listens, and ends it when the bench asks. */
export function serves(port, close) {
  process.on('SIGTERM', () => {
    close();
    process.exit(0);
  });
  console.log(`Serves http://127.0.0.1:${port}/graphql`);
}

/** Microseconds since 1970. As fast as JavaScript can; the bench sends no microseconds, and nothing that is no time. */
export function toMicros(text) {
  return Date.parse(text) * 1_000;
}

/** UTC with three fraction digits. */
export function toTime(micros) {
  return new Date(micros / 1_000).toISOString();
}
