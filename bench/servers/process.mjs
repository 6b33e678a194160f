/** Prints the URL for the bench, and closes the server on SIGTERM. */
export function reportUrl(port, close) {
  process.on('SIGTERM', () => {
    close();
    process.exit(0);
  });
  console.log(`Serves http://127.0.0.1:${port}/graphql`);
}

/** Microseconds since 1970. Fast, without checks: the bench sends valid times of whole milliseconds. */
export function toMicros(text) {
  return Date.parse(text) * 1_000;
}

/** A time in UTC with three fraction digits. */
export function toTime(micros) {
  return new Date(micros / 1_000).toISOString();
}
