import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { HttpError } from '../errors';
import { addVary, chooseCoding } from '../sending/compression';
import { readConsoleFiles, type ConsoleFile } from './console-files';

/** Paths of pages, and the files that they show. What a page shows of the data is in its query string. */
const pages = { '/': 'index.html', '/sessions': 'index.html', '/graphiql': 'graphiql.html' } as const;

// Names of these files change with their content.
const forAYear = 'public, max-age=31536000, immutable';
const revalidated = 'no-cache';

/** The pages load from their own origin only, without inline scripts or styles. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  // Allows WebSockets of this origin too (CSP 3; Safari since version 16).
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/**
 * Adds the console: its pages, and the files that they load. Nothing of it holds data, so that it needs no key.
 * @param directory of the built files. Without them the pages answer NOT_FOUND, and say how to build them.
 */
export function addConsoleRoutes(app: FastifyInstance, directory: string): void {
  const files = readConsoleFiles(directory);
  const config = { isPage: true };
  for (const [url, name] of Object.entries(pages)) {
    const headers = { 'cache-control': revalidated, 'content-security-policy': policy };
    const file = files.get(name);
    app.get(url, { config }, (request, reply) => {
      if (!file) throw notBuilt();
      return sendFile(request, reply, file, headers);
    });
  }
  const isPage = (name: string): boolean => name.endsWith('.html');
  for (const [name, file] of files) {
    if (isPage(name)) continue;
    const isAsset = name.startsWith('assets/');
    const headers = { 'cache-control': isAsset ? forAYear : revalidated };
    // A route for each file: there is no path to resolve, and other paths and methods are refused as everywhere.
    const route = { config: { ...config, ...(isAsset && { metricsRoute: '/assets/*' }) } };
    app.get(`/${name}`, route, (request, reply) => sendFile(request, reply, file, headers));
  }
}

async function sendFile(
  request: FastifyRequest,
  reply: FastifyReply,
  file: ConsoleFile,
  headers: Readonly<Record<string, string>>,
): Promise<FastifyReply> {
  const { isCompressible, body, contentType } = file;
  const coding = isCompressible ? chooseCoding(request.headers['accept-encoding'], body.length) : undefined;
  const etag = file.etagOf(coding);
  reply.headers({ ...headers, etag });
  if (isCompressible) addVary(reply);
  if (matches(request.headers['if-none-match'], etag)) return reply.code(304).send();
  reply.type(contentType);
  if (coding === undefined) return reply.send(body);
  const compressed = await file.compress(coding);
  return reply.header('content-encoding', coding).send(compressed);
}

/** Whether a client has the version (RFC 9110, section 13.1.2). A proxy that compresses makes a strong tag weak. */
function matches(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  const tags = ifNoneMatch.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return tags.includes(etag) || tags.includes('*');
}

function notBuilt(): HttpError {
  const message =
    'The console is not built. Run `npm ci && npm run build` in console/, and restart the server.';
  return new HttpError('NOT_FOUND', `${message} GraphQL is at /graphql, the REST API at /logs/.`);
}
