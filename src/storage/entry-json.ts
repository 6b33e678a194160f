import type { EntryColumn, EntryField } from '../logs/model/log-entry';

/** Literal text or an SQL expression. */
export type Piece = { readonly text: string } | { readonly sql: string };

/**
 * SQL expressions whose concatenation is an entry as a JSON object. Adjacent literals are joined: fewer
 * expressions are faster.
 * @param jsonOf the JSON of each field
 */
export function renderEntry(
  columns: readonly EntryColumn[],
  jsonOf: Readonly<Record<EntryField, readonly Piece[]>>,
): readonly string[] {
  const pieces = columns.flatMap((column, at): readonly Piece[] => {
    const name = { text: `${at > 0 ? ',' : ''}${JSON.stringify(column.key)}:` };
    if ('constant' in column) return [name, { text: JSON.stringify(column.constant) }];
    return [name, ...jsonOf[column.field]];
  });
  return toExpressions([{ text: '{' }, ...pieces, { text: '}' }]);
}

function toExpressions(pieces: readonly Piece[]): string[] {
  const expressions: string[] = [];
  let literal = '';
  const flush = (): void => {
    if (literal !== '') expressions.push(`'${literal.replaceAll("'", "''")}'`);
    literal = '';
  };
  for (const piece of pieces) {
    if ('text' in piece) {
      literal += piece.text;
    } else {
      flush();
      expressions.push(piece.sql);
    }
  }
  flush();
  return expressions;
}
