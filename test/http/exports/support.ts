import { request, type IncomingMessage } from 'node:http';

/** A cell or field as the entry has it: without what neutralises a formula. */
export const undoNeutralising = (cell: string): string => cell.replace(/^'(?='*[=+\-@\t\r\n])/, '');

/** Reads CSV with every cell in quotes but those of the first line (RFC 4180). */
export function parseCsv(text: string): string[][] {
  const headEnd = text.indexOf('\r\n');
  const lines = text.slice(headEnd + 2);
  const rows: string[][] = [text.slice(0, headEnd).split(',')];
  const cell = /"((?:[^"]|"")*)"(,|\r\n)/gy;
  let row: string[] = [];
  let end = 0;
  for (const [matched, content, separator] of lines.matchAll(cell)) {
    end += matched.length;
    row.push(content!.replaceAll('""', '"'));
    if (separator === ',') continue;
    rows.push(row);
    row = [];
  }
  if (end !== lines.length) throw new Error(`no CSV after ${lines.slice(Math.max(0, end - 100), end)}`);
  return rows;
}

/** Requests an answer whose body is read later. */
export function open(url: string, headers: Record<string, string> = {}): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request(url, { agent: false, headers }).on('response', resolve).on('error', reject).end();
  });
}

/** The body, and whether it is complete: the connection may end before. */
export async function readAll(response: IncomingMessage): Promise<{ bytes: Buffer; isComplete: boolean }> {
  const parts: Buffer[] = [];
  response.on('data', (part: Buffer) => parts.push(part));
  response.on('error', () => {});
  await new Promise((resolve) => response.once('close', resolve));
  return { bytes: Buffer.concat(parts), isComplete: response.complete };
}
