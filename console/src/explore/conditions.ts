import type { Entry } from '../api/entry';
import type { PropertyFilter, PropertyPredicate } from '../gql/graphql';

type Predicate = PropertyFilter['is'];

/** A condition as the bar offers it: its words, and how its text becomes a predicate. */
export interface Operator {
  readonly name: string;
  /** none: the operator needs no value. */
  readonly value: 'scalar' | 'list' | 'number' | 'none';
}

export const operators = {
  equals: { name: 'is', value: 'scalar' },
  in: { name: 'is one of', value: 'list' },
  exists: { name: 'exists', value: 'none' },
  missing: { name: 'is missing', value: 'none' },
  isNull: { name: 'is null', value: 'none' },
  notNull: { name: 'is not null', value: 'none' },
  gt: { name: '>', value: 'number' },
  gte: { name: '≥', value: 'number' },
  lt: { name: '<', value: 'number' },
  lte: { name: '≤', value: 'number' },
} as const satisfies Record<string, Operator>;

export type OperatorKey = keyof typeof operators;

/** Makes a predicate of what was typed, or says what is wrong with it. */
export function toPredicate(operator: OperatorKey, text: string): Predicate | string {
  switch (operator) {
    case 'exists':
    case 'missing':
      return { exists: operator === 'exists' };
    case 'isNull':
    case 'notNull':
      return { isNull: operator === 'isNull' };
    case 'in': {
      const values = (text.match(/\s*"(?:[^"\\]|\\.)*"|[^,]+/g) ?? []).filter((part) => part.trim() !== '');
      if (values.length === 0) return 'Enter values, separated by commas.';
      if (values.length > 100) return 'Enter at most 100 values.';
      return { in: values.map(parseValue) };
    }
    case 'equals':
      return text === '' ? 'Enter a value. For the empty text write "".' : { equals: parseValue(text) };
    default: {
      const number = Number(text);
      if (text.trim() === '' || !Number.isFinite(number)) return 'Enter a number, such as 200 or 0.5.';
      return { [operator]: number } as unknown as Predicate;
    }
  }
}

/** A value as it is typed: `200`, `true`, `text` or `"200"`, which is text. */
export function parseValue(text: string): string | number | boolean {
  const trimmed = text.trim();
  try {
    const value: unknown = JSON.parse(trimmed);
    if (typeof value === 'string' || typeof value === 'boolean') return value;
    // A number would lose digits of a long id, and the server stores none that long.
    const isLong = /^-?\d+$/.test(trimmed) && !Number.isSafeInteger(value);
    if (Number.isFinite(value) && !isLong) return value as number;
  } catch {
    // It is text without quotes.
  }
  return trimmed;
}

/** What to type for a value: text is quoted if it reads as another value otherwise. */
export function valueText(value: unknown): string {
  const isPlain = typeof value === 'string' && !value.includes(',') && parseValue(value) === value;
  return isPlain && value !== '' ? value : JSON.stringify(value);
}

/** Keys joined by dots, or a JSON array if a key has a dot itself. */
export function pathText(path: readonly string[]): string {
  const isPlain = path.every((key) => key !== '' && !key.includes('.') && key === key.trim());
  return isPlain && !path[0]!.startsWith('[') ? path.join('.') : JSON.stringify(path);
}

/** Reads what `pathText` writes, or says what is wrong with it. */
export function parsePath(text: string): string[] | string {
  const trimmed = text.trim();
  if (trimmed === '') return 'Enter a property, such as status or cart.total.';
  const path = trimmed.startsWith('[') ? parseKeys(trimmed) : trimmed.split('.');
  if (!path || path.length === 0) return 'Enter keys as a JSON array, such as ["a.b", "c"].';
  if (path.length > 32) return 'Enter at most 32 keys.';
  if (!trimmed.startsWith('[') && path.includes('')) return 'A key is empty: check the dots.';
  return path;
}

function parseKeys(text: string): string[] | undefined {
  try {
    const keys: unknown = JSON.parse(text);
    return Array.isArray(keys) && keys.every((key) => typeof key === 'string') ? keys : undefined;
  } catch {
    return undefined;
  }
}

/** A condition in words, such as `status ≥ 400`. */
export function conditionText({ path, is }: PropertyFilter): string {
  const [[key, value]] = Object.entries(is as PropertyPredicate) as [[keyof PropertyPredicate, unknown]];
  const name = pathText(path);
  if (key === 'exists') return `${name} ${operators[value ? 'exists' : 'missing'].name}`;
  if (key === 'isNull') return `${name} ${operators[value ? 'isNull' : 'notNull'].name}`;
  const values = Array.isArray(value) ? value.map(valueText).join(', ') : valueText(value);
  return `${name} ${operators[key].name} ${values}`;
}

/** Paths of the properties of some entries with the values they have, both the most frequent first. */
export function suggestionsOf(rows: readonly Entry[]): Map<string, string[]> {
  const counts = new Map<string, Map<string, number>>();
  for (const { properties } of rows) collect(properties, [], counts);
  const byCount = <T>(items: [string, T][], count: (item: T) => number) =>
    items.sort(([, a], [, b]) => count(b) - count(a));
  const sum = (values: Map<string, number>): number =>
    [...values.values()].reduce((total, n) => total + n, 0);
  return new Map(
    byCount([...counts], sum).map(([path, values]) => [
      path,
      byCount([...values], (n) => n)
        .slice(0, 100)
        .flatMap(([value]) => (value === '' ? [] : [value])),
    ]),
  );
}

function collect(
  properties: Readonly<Record<string, unknown>>,
  above: readonly string[],
  counts: Map<string, Map<string, number>>,
): void {
  for (const [key, value] of Object.entries(properties)) {
    const path = [...above, key];
    if (path.length > 32 || counts.size >= 1_000) return;
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      collect(value as Record<string, unknown>, path, counts);
      continue;
    }
    const values = counts.get(pathText(path)) ?? new Map<string, number>();
    counts.set(pathText(path), values);
    const text = ['string', 'number', 'boolean'].includes(typeof value) ? valueText(value) : '';
    values.set(text, (values.get(text) ?? 0) + 1);
  }
}
