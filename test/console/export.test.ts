import { describe, expect, it } from '@jest/globals';
import { offersFor, withCondition } from '../../console/src/details/narrowed';
import { formatBytes } from '../../console/src/export/format-bytes';
import { createRowCounter, type ExportFormat } from '../../console/src/export/row-counter';

function count(format: ExportFormat, text: string, chunk: number): number {
  const bytes = new TextEncoder().encode(text);
  const add = createRowCounter(format);
  let rows = 0;
  for (let at = 0; at < bytes.length; at += chunk) rows = add(bytes.subarray(at, at + chunk));
  return rows;
}

describe('the entries of an export are counted', () => {
  it.each([1, 2, 3, 1_000])('in chunks of %i bytes', (chunk) => {
    const head = 'time,type,userId,sessionId,properties\r\n';
    expect(count('csv', head, chunk)).toBe(0);
    const rows = '"t","a ""b""\r\nc","u","s","{}"\r\n"t","é\n","u","s","{""n"":""\\n""}"\r\n';
    expect(count('csv', head + rows, chunk)).toBe(2);
    expect(count('ndjson', '{"type":"a\\"\\n"}\n{"type":"b"}\n', chunk)).toBe(2);
  });
});

it.each([
  [0, '0 bytes'],
  [1_023, '1023 bytes'],
  [1_536, '1.5 KB'],
  [536_870_912, '512 MB'],
])('%i bytes are %s', (bytes, text) => expect(formatBytes(bytes)).toBe(text));

describe('conditions of a property', () => {
  it('are those that the API expresses exactly', () => {
    const names = (value: unknown) => offersFor(value).map(({ is }) => Object.keys(is)[0]);
    expect(names('a')).toEqual(['equals', 'exists', 'exists']);
    expect(names(1)).toEqual(['equals', 'gte', 'lte', 'exists', 'exists']);
    expect(names(null)).toEqual(['isNull', 'isNull', 'exists', 'exists']);
    expect(names({})).toEqual(['exists', 'exists']);
  });

  it('take the place of those on the same property, except for the other bound of a range', () => {
    const other = { path: ['b'], is: { equals: 1 } } as const;
    const known = [{ path: ['a'], is: { gte: 1 } }, { path: ['a'], is: { equals: 2 } }, other] as never[];
    const added = (is: object) => withCondition(known, { path: ['a'], is } as never);
    expect(added({ equals: 3 })).toEqual([other, { path: ['a'], is: { equals: 3 } }]);
    expect(added({ lte: 3 })).toEqual([known[0], other, { path: ['a'], is: { lte: 3 } }]);
    expect(added({ gte: 0 })).toEqual([other, { path: ['a'], is: { gte: 0 } }]);
  });
});
