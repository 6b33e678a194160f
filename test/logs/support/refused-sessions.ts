import { raw } from '../../support/server/doors';

export const time = '2018-10-18T21:37:28.000Z';
export const action = { time, type: 'T' };
export const session = { userId: 'u', sessionId: 's', actions: [action] };
const withAction = (fields: object) => ({ ...session, actions: [{ ...action, ...fields }] });
export const withProperties = (properties: unknown) => withAction({ properties });
/** Objects, or arrays, within each other. */
export const nestObjects = (levels: number): object => (levels ? { a: nestObjects(levels - 1) } : {});
export const nestArrays = (levels: number): unknown[] => (levels ? [nestArrays(levels - 1)] : []);

/** What a literal cannot say, the lexer or the validation of GraphQL refuses with a code of its own. */
type LiteralCode = 'GRAPHQL_PARSE_FAILED' | 'GRAPHQL_VALIDATION_FAILED' | 'cannot be written';
export type Case = readonly [name: string, session: object, path: string, part: string, LiteralCode?];
const ofAction = 'actions[0].';
const inProperties = `${ofAction}properties`;

/** Sessions with one violation each, where it is, and a part of its message. */
export const refused: readonly Case[] = [
  ['an empty userId', { ...session, userId: '' }, 'userId', '1 to 256'],
  ['a userId of 257 characters', { ...session, userId: 'x'.repeat(257) }, 'userId', '1 to 256'],
  ['a userId of 257 emoji', { ...session, userId: '😀'.repeat(257) }, 'userId', '1 to 256'],
  ['U+0000 in a userId', { ...session, userId: 'a\0' }, 'userId', 'U+0000'],
  [
    'a lone surrogate in a userId',
    { ...session, userId: '\ud83d' },
    'userId',
    'surrogate',
    'GRAPHQL_PARSE_FAILED',
  ],
  ['a userId that is a number', { ...session, userId: 1 }, 'userId', 'string', 'GRAPHQL_VALIDATION_FAILED'],
  ['a userId that is null', { ...session, userId: null }, 'userId', 'string', 'GRAPHQL_VALIDATION_FAILED'],
  ['no userId', { sessionId: 's', actions: [] }, 'userId', 'string', 'GRAPHQL_VALIDATION_FAILED'],
  ['an empty sessionId', { ...session, sessionId: '' }, 'sessionId', '1 to 256'],
  ['a sessionId of 257 characters', { ...session, sessionId: 'x'.repeat(257) }, 'sessionId', '1 to 256'],
  ['U+0000 in a sessionId', { ...session, sessionId: '\0' }, 'sessionId', 'U+0000'],
  [
    'a lone surrogate in a sessionId',
    { ...session, sessionId: 'a\udc00b' },
    'sessionId',
    'surrogate',
    'GRAPHQL_PARSE_FAILED',
  ],
  ['no actions', { userId: 'u', sessionId: 's' }, 'actions', 'list', 'GRAPHQL_VALIDATION_FAILED'],
  [
    '5,001 actions',
    { ...session, actions: Array(5_001).fill(action) },
    'actions',
    'at most 5000',
    'GRAPHQL_VALIDATION_FAILED',
  ],
  [
    'an action that is a string',
    { ...session, actions: ['x'] },
    'actions[0]',
    'object',
    'GRAPHQL_VALIDATION_FAILED',
  ],
  [
    'an action that is null',
    { ...session, actions: [null] },
    'actions[0]',
    'object',
    'GRAPHQL_VALIDATION_FAILED',
  ],
  ['an empty type', withAction({ type: '' }), `${ofAction}type`, '1 to 200'],
  ['a type of 201 characters', withAction({ type: 'x'.repeat(201) }), `${ofAction}type`, '1 to 200'],
  ['a type of 201 emoji', withAction({ type: '😀'.repeat(201) }), `${ofAction}type`, '1 to 200'],
  ['U+0000 in a type', withAction({ type: '\0' }), `${ofAction}type`, 'U+0000'],
  [
    'a lone surrogate in a type',
    withAction({ type: '\udfff' }),
    `${ofAction}type`,
    'surrogate',
    'GRAPHQL_PARSE_FAILED',
  ],
  [
    'no time',
    { ...session, actions: [{ type: 'T' }] },
    `${ofAction}time`,
    'date-time',
    'GRAPHQL_VALIDATION_FAILED',
  ],
  ['a time before 1970', withAction({ time: '1969-12-31T23:59:59Z' }), `${ofAction}time`, 'from 1970-01-01'],
  ['a time after 9999', withAction({ time: '9999-12-31T23:59:59-00:01' }), `${ofAction}time`, '9999-12-31'],
  ['properties that are a list', withProperties([{}]), inProperties, 'JSON object'],
  ['properties that are a string', withProperties('{}'), inProperties, 'JSON object'],
  ['properties that are a number', withProperties(0), inProperties, 'JSON object'],
  ['properties that are false', withProperties(false), inProperties, 'JSON object'],
  [
    '32,769 bytes of properties',
    withProperties({ a: 'x'.repeat(32_761) }),
    inProperties,
    'at most 32768 bytes as JSON, not 32769',
  ],
  [
    '32,769 bytes in 16,389 characters',
    withProperties({ a: `${'é'.repeat(16_380)}x` }),
    inProperties,
    'not 32769',
  ],
  ['33 levels of objects', withProperties(nestObjects(32)), inProperties + '.a'.repeat(32), '32 levels'],
  [
    '33 levels of arrays',
    withProperties({ a: nestArrays(31) }),
    `${inProperties}.a${'[0]'.repeat(31)}`,
    '32 levels',
  ],
  ['U+0000 in a value', withProperties({ a: ['', '\0'] }), `${inProperties}.a[1]`, 'U+0000'],
  [
    'U+0000 in a key',
    withProperties({ 'a\0': 1 }),
    `${inProperties}["a\\u0000"]`,
    'U+0000',
    'cannot be written',
  ],
  [
    'a lone surrogate in a value',
    withProperties({ a: ['', '\ud800x'] }),
    `${inProperties}.a[1]`,
    'surrogate',
    'GRAPHQL_PARSE_FAILED',
  ],
  [
    'a lone surrogate in a key',
    withProperties({ '\udead': 1 }),
    `${inProperties}["\\udead"]`,
    'surrogate',
    'cannot be written',
  ],
  ...['1e400', '-1e400'].map((number): Case => [
    number,
    withProperties({ a: [0, raw(number)] }),
    `${inProperties}.a[1]`,
    'finite',
  ]),
  ...['9007199254740992', '-9007199254740992', '1e16', '-1e300'].map((number): Case => [
    `the integer ${number}`,
    withProperties({ a: { b: raw(number) } }),
    `${inProperties}.a.b`,
    '2^53-1',
  ]),
  ...['extra', 'constructor', '__proto__', 'toString', 'hasOwnProperty'].flatMap((name): Case[] => [
    [
      `an unknown field ${name}`,
      JSON.parse(`{"${name}":1,${JSON.stringify(session).slice(1)}`) as object,
      name,
      'not a known field',
      'GRAPHQL_VALIDATION_FAILED',
    ],
    [
      `an unknown field ${name} in an action`,
      withAction(JSON.parse(`{"${name}":{}}`) as object),
      ofAction + name,
      'not a known field',
      'GRAPHQL_VALIDATION_FAILED',
    ],
  ]),
];
