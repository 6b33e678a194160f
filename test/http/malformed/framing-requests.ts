import type { MalformedRequest } from './request';

const json = 'content-type: application/json';
const close = 'connection: close';
const host = 'host: localhost';
const operation = '{"query":"{ __typename }"}';
const length = `content-length: ${operation.length}`;

/** A POST whose end these headers tell. */
const framed = (headers: readonly string[], body: string, isIncomplete = false): MalformedRequest => ({
  name: `${headers.join(', ').slice(0, 200)} and ${JSON.stringify(body.slice(0, 40))}`,
  line: 'POST /graphql HTTP/1.1',
  headers: [host, close, json, ...headers],
  body: Buffer.from(body, 'latin1'),
  isIncomplete,
});

const chunk = `${operation.length.toString(16)}\r\n${operation}\r\n`;
const chunked = 'transfer-encoding: chunked';

/** Wrong lengths and transfer encodings, as in request smuggling. */
export const framings: readonly MalformedRequest[] = [
  ...[
    '-1',
    '+26',
    '0x1a',
    '26.0',
    '1e1',
    '26, 26',
    '26, 27',
    '26 26',
    '',
    'x',
    '9007199254740993',
    '1'.repeat(40),
    '\u0660',
  ].map((value) => framed([`content-length: ${value}`], operation, true)),
  framed([length, length], operation),
  framed([length, 'content-length: 5'], operation),
  framed(['content-length: 5'], operation),
  framed(['content-length: 0'], operation),
  framed([], operation),
  framed(['content-length: 99'], operation, true),
  framed(['content-length: 99999999999'], operation, true),
  framed([length, chunked], `${chunk}0\r\n\r\n`),
  framed([chunked, length], operation, true),
  ...[
    'chunked, chunked',
    'gzip, chunked',
    'chunked, identity',
    'identity',
    'xchunked',
    '\x0bchunked',
    'chunked;q=1',
    '',
  ].map((value) => framed([`transfer-encoding: ${value}`], `${chunk}0\r\n\r\n`, true)),
  framed([chunked, chunked], `${chunk}0\r\n\r\n`, true),
  framed(['transfer-encoding : chunked'], `${chunk}0\r\n\r\n`, true),
  framed(['transfer-encoding:\tchunked'], `${chunk}0\r\n\r\n`, true),
  ...[
    'zz\r\n',
    '-1\r\n',
    '1a',
    `1a\r\n${operation}`,
    chunk,
    `${chunk}0\r\n`,
    'ffffffffffffffffff\r\n',
    '\r\n',
    '1a\n',
    ' 1a\r\n',
  ].map((body) => framed([chunked], body, true)),
  framed([chunked], `1a;extension="x"\r\n${operation}\r\n0\r\n\r\n`),
  framed([chunked], `1a;${'x'.repeat(20_000)}\r\n${operation}\r\n0\r\n\r\n`),
  framed([chunked], `${chunk}0\r\ntrailer: x\r\n\r\n`),
  framed([chunked], `${chunk}0\r\n${'trailer: x\r\n'.repeat(2_000)}\r\n`),
  framed([chunked], `${chunk}0\r\ncontent-length: 5\r\nbad trailer\r\n\r\n`),
  framed([length, 'expect: 100-continue'], operation),
  framed([length, 'expect: 200-ok'], operation),
  framed([length, 'expect: '], operation),
];
