/** A wrong answer. It ends the bench, because figures of a wrong server mean nothing. */
export class WrongAnswer extends Error {
  constructor(server, load, expected, actual) {
    super(`${server}, ${load}: expected ${shorten(expected)}, got ${shorten(actual)}`);
  }
}

function shorten(value) {
  const text = String(value);
  return text.length > 500 ? `${text.slice(0, 500)} …` : text;
}
