import { get, raw, send, type Mistake } from './requests';

/** In HTTP. */
export const httpMistakes: readonly Mistake[] = [
  [
    'API root',
    get('/api'),
    '404 NOT_FOUND',
    '',
    `Not found. GraphQL is at /graphql, the REST API at /logs/.`,
  ],
  [
    'GraphQL case',
    send('POST', '/GraphQL', '{"query":"{__typename}"}'),
    '404 NOT_FOUND',
    '',
    `Not found. GraphQL is at /graphql, the REST API at /logs/.`,
  ],
  [
    'POST livez',
    send('POST', '/livez', '{}'),
    '405 METHOD_NOT_ALLOWED',
    '',
    `POST is not allowed at /livez: use GET.`,
  ],
  [
    'unknown path evil',
    send('GET', '/x', undefined, { origin: 'https://evil.example' }),
    '404 NOT_FOUND',
    '',
    `Not found. GraphQL is at /graphql, the REST API at /logs/.`,
  ],
  [
    'origin evil',
    send('POST', '/graphql', '{"query":"{__typename}"}', { origin: 'https://evil.example' }),
    '403 FORBIDDEN',
    '',
    `Pages of https://evil.example may not call this server: add their origin to CORS_ORIGINS.`,
  ],
  [
    'host unknown',
    get('/logs/', { host: 'logs.example.com' }),
    '421 MISDIRECTED_REQUEST',
    '',
    `The server does not know the name logs.example.com: add it to ALLOWED_HOSTS.`,
  ],
  [
    'unknown method',
    raw('FETCH /logs/ HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n'),
    '400 BAD_USER_INPUT',
    '',
    `The request is not valid HTTP. The server speaks HTTP/1.1 without TLS: use http://, not https://.`,
  ],
  [
    'no host',
    raw('GET /logs/ HTTP/1.1\r\nconnection: close\r\n\r\n'),
    '400 BAD_USER_INPUT',
    '',
    `The Host header must be a host name, such as localhost:4000.`,
  ],
  [
    'expect foo',
    raw(
      'POST /logs/ HTTP/1.1\r\nhost: localhost\r\nexpect: foo\r\ncontent-length: 0\r\nconnection: close\r\n\r\n',
    ),
    '417 BAD_USER_INPUT',
    '',
    `The header Expect may only be 100-continue.`,
  ],
  [
    'header overflow',
    raw(
      `GET /logs/ HTTP/1.1\r\nhost: localhost\r\ncookie: ${'x'.repeat(20000)}\r\nconnection: close\r\n\r\n`,
    ),
    '431 BAD_USER_INPUT',
    '',
    `The request line and headers must be at most 16384 bytes in total.`,
  ],
  [
    'tls',
    raw(Buffer.from('160301020001000001fc0303', 'hex')),
    '400 BAD_USER_INPUT',
    '',
    `The request is not valid HTTP. The server speaks HTTP/1.1 without TLS: use http://, not https://.`,
  ],
  [
    'http2',
    raw('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
    '400 BAD_USER_INPUT',
    '',
    `The request is not valid HTTP. The server speaks HTTP/1.1 without TLS: use http://, not https://.`,
  ],
  [
    'space in url',
    raw('GET /logs/?user=a b HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n'),
    '400 BAD_USER_INPUT',
    '',
    `The request is not valid HTTP.`,
  ],
  [
    'bad url',
    raw('GET /logs/%zz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n'),
    '400 BAD_USER_INPUT',
    '',
    `The path must be percent-encoded UTF-8.`,
  ],
  [
    'chunk',
    raw(
      'POST /logs/ HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n',
    ),
    '400 BAD_USER_INPUT',
    '',
    `The request is not valid HTTP.`,
  ],
  [
    'websocket',
    get('/graphql', { upgrade: 'websocket', connection: 'upgrade' }),
    '400 BAD_USER_INPUT',
    '',
    `The WebSocket handshake is not valid: Missing or invalid Sec-WebSocket-Key header.`,
  ],
];
