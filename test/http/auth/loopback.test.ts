import { expect, it } from '@jest/globals';
import { isLoopback } from '../../../src/http/auth/loopback';

it.each(['127.0.0.1', '127.1.2.3', '::1', '::1%lo', '::ffff:127.0.0.1', 'localhost', 'LOCALHOST'])(
  '%s is this machine',
  (host) => expect(isLoopback(host)).toBe(true),
);

it.each(['', '127', '127.example.com', '127.0.0.1.example.com', 'localhost.example.com', 'x.localhost'])(
  '%j is a name, which may be any machine',
  (host) => expect(isLoopback(host)).toBe(false),
);

it.each(['0.0.0.0', '::', '192.0.2.127', '128.0.0.1', '::ffff:192.0.2.1', '2001:db8::1'])(
  '%s may be any machine',
  (host) => expect(isLoopback(host)).toBe(false),
);
