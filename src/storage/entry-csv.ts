import type { EntryField } from '../logs/model/log-entry';

/**
 * First characters of cells that spreadsheets execute as formulas, or that end the cell before them
 * (https://owasp.org/www-community/attacks/CSV_Injection).
 */
const formulaStarts = `'=', '+', '-', '@', '\t', '\r', '\n'`;

/** A text as a cell (RFC 4180, section 2.7). */
function cellOf(text: string): readonly string[] {
  return [`'"'`, `replace(${text}, '"', '""')`, `'"'`];
}

/**
 * `'` before a formula. Also before a formula that has such a character already, so that the text can be told from the
 * cell: without the first `'` of what then begins with one or more and a formula. All such characters are below `A`: most
 * texts are known by one comparison, which takes half of the time of a line less.
 */
function neutralise(text: string): string {
  return `CASE WHEN ${text} >= 'A' THEN ${text}
    WHEN substr(ltrim(${text}, ''''), 1, 1) IN (${formulaStarts}) THEN '''' || ${text} ELSE ${text} END`;
}

/**
 * SQL expressions whose concatenation is an entry as a line of CSV: time, type, user, session and properties, each in
 * quotes.
 * @param jsonOf SQL expressions whose concatenation is the JSON of a field
 */
export function renderCsv(
  hasFormulas: boolean,
  jsonOf: Readonly<Record<EntryField, readonly string[]>>,
): readonly string[] {
  const texts = ['type', 'user_id', 'session_id'].map((column) =>
    hasFormulas ? column : neutralise(column),
  );
  const [properties] = jsonOf.properties;
  // The JSON of a time is a cell as well; that of an object is no formula.
  return [jsonOf.time, ...[...texts, properties!].map(cellOf)].flatMap((cell, at) =>
    at === 0 ? cell : [`','`, ...cell],
  );
}
