import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { execFileSync, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TLSSocket } from 'node:tls';
import { createDataSource } from '../../../src/storage/postgres/data-source';

const directory = mkdtempSync(join(tmpdir(), 'log-manager-tls-'));
const hasOpenssl = spawnSync('openssl', ['version']).status === 0;
if (!hasOpenssl) process.stdout.write('skipped: sslmode: install openssl\n');

/** Creates a self-signed certificate of localhost. Returns its name. */
function certify(name: string): string {
  const path = join(directory, name);
  const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', `${path}.key`];
  execFileSync('openssl', ['req', '-x509', ...key, '-out', path, ...names], { stdio: 'ignore' });
  return path;
}

/** Answers as PostgreSQL does up to the end of the handshake, then closes the connection. */
let server: Server;
let handshakes = 0;
beforeAll(async () => {
  if (!hasOpenssl) return;
  const path = certify('own');
  const options = { isServer: true, cert: readFileSync(path), key: readFileSync(`${path}.key`) };
  server = createServer((socket) => {
    socket
      .on('error', () => {})
      .once('data', () => {
        socket.write('S');
        const secured = new TLSSocket(socket, options).on('error', () => {});
        secured.once('data', () => {
          handshakes++;
          secured.destroy();
        });
      });
  });
  await once(server.listen(0, 'localhost'), 'listening');
  certify('other');
});
afterAll(() => {
  server?.close();
  rmSync(directory, { recursive: true });
});

(hasOpenssl ? it : it.skip).each([
  ['localhost', 'verify-full', 'own', 'accepts', undefined],
  ['localhost', 'verify-full', 'other', 'refuses', /certificate/],
  ['127.0.0.1', 'verify-full', 'own', 'refuses', /certificate's altnames/],
  ['localhost', 'verify-full', undefined, 'refuses', /certificate/],
  ['127.0.0.1', 'no-verify', undefined, 'accepts', undefined],
])('of a server at %s, sslmode=%s with the certificate %s %s', async (host, mode, root, _verb, message) => {
  const { port } = server.address() as AddressInfo;
  const certificate = root === undefined ? '' : `&sslrootcert=${join(directory, root)}`;
  const url = `postgres://user:secret@${host}:${port}/logs?sslmode=${mode}${certificate}`;
  const before = handshakes;
  const error: unknown = await createDataSource({ url, poolSize: 1 })
    .initialize()
    .catch((reason: unknown) => reason);
  expect(String(error)).toMatch(message ?? /Connection terminated unexpectedly/);
  expect(handshakes - before).toBe(message === undefined ? 1 : 0);
});
