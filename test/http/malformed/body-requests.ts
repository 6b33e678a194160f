import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { createRandom } from '../../support/journal/random';
import { withBody, type MalformedRequest } from './request';

const operation = '{"query":"{ logs(user: \\"ü😀\\") { id } }"}';
const session = '{"userId":"ü😀","sessionId":"s","actions":[]}';
const targets = [
  ['POST /graphql', operation],
  ['POST /logs/', session],
  ['GET /logs/', '{"user":"ü😀"}'],
  ['POST /logs', session],
  ['GET /graphql?query=%7B__typename%7D', operation],
] as const;

const charsets = [
  'utf-8',
  'UTF8',
  '"utf-8"',
  'utf-16',
  'utf-16le',
  'utf-32',
  'latin1',
  'iso-8859-1',
  'ascii',
  'x-unknown',
  '',
];
const types = [
  ...charsets.map((charset) => `application/json; charset=${charset}`),
  'application/json',
  'APPLICATION/JSON',
  'application/json;',
  'application/json; charset',
  'application/json; charset=utf-8; charset=utf-16',
  'application/json; boundary="',
  'application/json, text/plain',
  ' application/json',
  'application /json',
  'application/graphql',
  'application/graphql+json',
  'application/x-www-form-urlencoded',
  'application/xml',
  'application/octet-stream',
  'multipart/form-data; boundary=x',
  'multipart/form-data',
  'text/plain',
  'text/plain; charset=utf-16',
  'text/plainer',
  'text/html',
  'application',
  '/',
  '*/*',
  ';',
  ',',
  '"application/json"',
  '__proto__',
  '__proto__/constructor',
  'application/json\u00ff',
  'application/json'.repeat(500),
  `application/json${'; a=b'.repeat(1_000)}`,
];

const bomb = gzipSync(Buffer.alloc(40_000_000));

/** Ways to write a body; some are not the bytes that the headers promise. */
const encodings: readonly ((text: string) => Buffer)[] = [
  (text) => Buffer.from(text),
  (text) => Buffer.from(text, 'latin1'),
  (text) => Buffer.from(text, 'utf16le'),
  (text) => Buffer.from(`\ufeff${text}`, 'utf16le'),
  (text) => Buffer.from(text, 'utf16le').swap16(),
  (text) => Buffer.from(`\ufeff\ufeff${text}`),
  (text) => Buffer.from(encodeURIComponent(text)),
  (text) =>
    Buffer.from(`--x\r\ncontent-disposition: form-data; name="operations"\r\n\r\n${text}\r\n--x--\r\n`),
  // Overlong, surrogates in UTF-8, beyond U+10FFFF, a sequence that ends too early.
  ...['c080', 'eda080', 'f4908080', 'e282', 'ff'].map((hex) => (text: string) => {
    const [before = '', after = ''] = text.split('ü');
    return Buffer.concat([Buffer.from(before), Buffer.from(hex, 'hex'), Buffer.from(after)]);
  }),
  gzipSync,
  deflateSync,
  brotliCompressSync,
  (text) => gzipSync(text).subarray(0, 20),
  (text) => Buffer.concat([gzipSync(text), Buffer.alloc(9)]),
  () => bomb,
  (text) => Buffer.alloc(text.length),
  () => Buffer.alloc(0),
];

const contentEncodings = ['gzip', 'deflate', 'br', 'zstd', 'identity', 'gzip, gzip', 'x', '', '__proto__'];

/** Bodies whose content type, charset or encoding is wrong. */
export function bodyRequests(count: number): MalformedRequest[] {
  const random = createRandom(4);
  const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)]!;
  return Array.from({ length: count }, () => {
    const [start, text] = pick(targets);
    const type = random() < 0.5 ? pick(types) : 'application/json';
    const headers = random() < 0.95 ? [`content-type: ${type}`] : [];
    if (random() < 0.5) headers.push(`content-encoding: ${pick(contentEncodings)}`);
    if (random() < 0.1) headers.push(`content-type: ${pick(types)}`);
    const body = pick(encodings)(text);
    const name = `${start} with ${headers.join(', ').slice(0, 200)} and ${body.toString('latin1', 0, 40)}`;
    return withBody(name, `${start} HTTP/1.1`, body, headers);
  });
}
