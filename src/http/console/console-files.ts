import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { Coding } from '../sending/compression';

/** Content types of the files that the console's build makes, and whether they can be compressed. */
const kinds: Readonly<Record<string, readonly [contentType: string, isCompressible: boolean]>> = {
  '.css': ['text/css; charset=utf-8', true],
  '.html': ['text/html; charset=utf-8', true],
  '.ico': ['image/x-icon', true],
  '.js': ['text/javascript; charset=utf-8', true],
  '.png': ['image/png', false],
  '.svg': ['image/svg+xml', true],
  '.woff2': ['font/woff2', false],
};

// Of react-dom, 625 KB: 103 ms to 99 KB. Quality 11 takes 1.1 s to 90 KB, for which the first visitor would wait.
const brotliParams = { [constants.BROTLI_PARAM_QUALITY]: 9 };
const compressors: Readonly<Record<Coding, (body: Buffer) => Promise<Buffer>>> = {
  br: (body) => promisify(brotliCompress)(body, { params: brotliParams }),
  gzip: (body) => promisify(gzip)(body, { level: 9 }),
};

/** A file of the console, in memory. */
export interface ConsoleFile {
  readonly contentType: string;
  readonly isCompressible: boolean;
  readonly body: Buffer;
  /** A strong validator: each coding of the file has its own (RFC 9110, section 8.8.3.3). */
  etagOf(coding: Coding | undefined): string;
  /** Compresses at the first call for each coding, on the thread pool. */
  compress(coding: Coding): Promise<Buffer>;
}

/**
 * Reads the built console.
 * @returns its files by path, such as `index.html` and `assets/index-BkUc2p8V.js`; none if the directory is missing
 */
export function readConsoleFiles(directory: string): ReadonlyMap<string, ConsoleFile> {
  const files = new Map<string, ConsoleFile>();
  for (const folder of ['', 'assets/']) {
    const path = join(directory, folder);
    for (const name of existsSync(path) ? readdirSync(path) : []) {
      const kind = kinds[extname(name)];
      if (kind) files.set(folder + name, createFile(readFileSync(join(path, name)), ...kind));
    }
  }
  return files;
}

function createFile(body: Buffer, contentType: string, isCompressible: boolean): ConsoleFile {
  const digest = createHash('sha256').update(body).digest('base64url').slice(0, 22);
  const compressed = new Map<Coding, Promise<Buffer>>();
  return {
    contentType,
    isCompressible,
    body,
    etagOf: (coding) => `"${coding === undefined ? digest : `${digest}-${coding}`}"`,
    compress(coding) {
      const known = compressed.get(coding) ?? compressors[coding](body);
      compressed.set(coding, known);
      return known;
    },
  };
}
