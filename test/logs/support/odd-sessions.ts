import fc from 'fast-check';
import type { Session } from '../../support/server/web-sessions';

/** Keys that mean something in paths, in SQL, in regular expressions or in JavaScript. */
export const oddKeys = [
  ...['a', 'A', 'b.c', '"', "'", '\\', '$', '$.a', '[0]', '.', '*', '#', '', ' ', '%', '_', '{a}'],
  ...['0', '1', '01', '-1', '1.0', '$1', '?1', ':a', 'a"b', "a'b", 'a\\"b', '\\u0061', '-> 1'],
  ...['__proto__', 'constructor', 'toString', 'length', 'hasOwnProperty', 'null', 'true'],
  ...['😀', 'ä', 'a\u0308', '\u2028', '\u0001', '\n', '\t', '\u007f', '\uffff', '\u{10ffff}'],
  'long '.repeat(100),
];

const numbers = [
  ...[0, 1, -1, 2, 10, 20, 0.1, 0.2, 0.1 + 0.2, 1e-7, 1.5, -1.5, 4.35, 123_456_789.125],
  ...[2 ** 53 - 1, 1 - 2 ** 53, 2 ** 53 - 2, 5e-324, -5e-324, 1e15, 999_999.999_999, 1 / 3],
];
const texts = [
  ...['', ' ', 'a', 'A', '1', '0', '-1', '0.1', '1e-7', '1.0', 'true', 'false', 'null', '[]', '{}'],
  ...['"', "'", '\\', '\\u0061', '%', '_', '.*', '$1', '😀', 'ä', 'a\u0308', '\u2028', '\u2029'],
  ...['\u0001\u001f', '\n', '\r\n', '\b\f\t', '\u007f', '\ufeff', '\uffff', '\u{10ffff}', '/', '</'],
  ...['9007199254740993', 'x'.repeat(3_000), '𝒰'.repeat(500)],
];
export const oddScalars: readonly (string | number | boolean)[] = [true, false, ...numbers, ...texts];
export const oddNumbers: readonly number[] = numbers;

const key = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...oddKeys) },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 4 }) },
);
const scalar = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(null, ...oddScalars) },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 8 }) },
  { weight: 1, arbitrary: fc.double({ min: -1e9, max: 1e9, noNaN: true, noInteger: true }) },
  { weight: 1, arbitrary: fc.integer({ min: -50, max: 50 }) },
);
/** `Object.fromEntries` makes `__proto__` a key like any other. */
const objectOf = (value: fc.Arbitrary<unknown>, maxLength: number) =>
  fc.array(fc.tuple(key, value), { maxLength }).map((entries) => Object.fromEntries(entries));
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    { weight: 4, arbitrary: scalar },
    { weight: 1, arbitrary: fc.array(tie('value'), { maxLength: 3 }) },
    { weight: 3, arbitrary: objectOf(tie('value'), 4) },
  ),
}));

/** Where clicks are, so that a click map has cells; sometimes not numbers. */
const coordinate = fc.oneof(
  { weight: 5, arbitrary: fc.integer({ min: -300, max: 1_500 }) },
  { weight: 2, arbitrary: fc.double({ min: -300, max: 1_500, noNaN: true }) },
  { weight: 1, arbitrary: fc.constantFrom(null, '20', true, [20], { a: 20 }, -0.5, 5e-324) },
  { weight: 1, arbitrary: fc.constantFrom(2 ** 31, -(2 ** 31), 1e12, 2 ** 53 - 1, -20, 20, 40) },
);

const properties = fc
  .tuple(
    objectOf(value, 8),
    fc.option(fc.record({ locationX: coordinate, locationY: coordinate }, { requiredKeys: [] })),
  )
  .map(([odd, location]) => ({ ...odd, ...location }));

/** Among those of the real data, some at one instant, and at both ends of time. */
const time = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 4 * 86_400 - 1 }).map(textAfter) },
  { weight: 2, arbitrary: fc.constant('2015-05-18T12:00:00.000001Z') },
  { weight: 2, arbitrary: fc.constantFrom('2015-05-18T02:00:00+02:00', '2015-05-18T12:00:00Z') },
  { weight: 1, arbitrary: fc.constantFrom('1970-01-01T00:00:00Z', '9999-12-30T23:59:59.999999Z') },
);
function textAfter(seconds: number): string {
  const millis = Date.UTC(2015, 4, 17) + seconds * 1_000 + (seconds % 1_000);
  const micros = seconds % 3 === 0 ? String(seconds % 1_000).padStart(3, '0') : '';
  return new Date(millis).toISOString().replace('Z', `${micros}Z`);
}

export const oddUsers = ['u1', 'U1', 'ü', 'u\u0308', '𝒰 "\\', "o'hara; --", '__proto__', '%', '\uffff'];
export const oddTypes = ['GET', 'get', 'CLICK', '€\n', '$1', '\u2028', '\uffff', '😀', "'; --", '"'];

const session: fc.Arbitrary<Session> = fc.record({
  userId: fc.constantFrom(...oddUsers, '83.149.9.216'),
  // Whose sessions have the same names.
  sessionId: fc.constantFrom('s1', 's2', 'S1', '"', '😀', '\uffff'),
  actions: fc.array(fc.record({ time, type: fc.constantFrom(...oddTypes), properties }), {
    minLength: 1,
    maxLength: 12,
  }),
});

/** Generated sessions, the same ones every time, so that what fails can be repeated. */
export function createOddSessions(count: number): Session[] {
  return fc.sample(session, { numRuns: count, seed: 5 });
}
