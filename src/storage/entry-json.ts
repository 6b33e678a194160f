import type { EntryColumn, EntryField } from '../logs/model/log-entry';

/** Part of no SQL, and of no JSON. */
const separator = '\0';

/**
 * SQL expressions whose concatenation is an entry as a JSON object. Adjacent literals are joined: fewer
 * expressions are faster.
 * @param jsonOf SQL expressions whose concatenation is the JSON of a field
 */
export function renderEntry(
  columns: readonly EntryColumn[],
  jsonOf: Readonly<Record<EntryField, readonly string[]>>,
): readonly string[] {
  const members = columns.flatMap((column, at) => {
    const name = quote(`${at > 0 ? ',' : ''}${JSON.stringify(column.key)}:`);
    return [
      name,
      ...('constant' in column ? [quote(JSON.stringify(column.constant))] : jsonOf[column.field]),
    ];
  });
  const expressions = [quote('{'), ...members, quote('}')].join(separator);
  return expressions.replaceAll(`'${separator}'`, '').split(separator);
}

/** A text as an SQL literal. */
function quote(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
