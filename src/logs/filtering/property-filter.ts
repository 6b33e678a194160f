import { filterLimits, limits } from '../model/limits';
import { mustBe } from '../validation/kind';
import { checkFinite, checkNumber } from '../validation/numbers';
import { MayBeAbsent, rule } from '../validation/rule';
import { checkCharacters, checkKey } from '../validation/text';
import { IsList, IsOneOf } from '../validation/validate';

const { maxPropertiesBytes } = limits;

export type JsonScalar = string | number | boolean;

/** A condition on one property. A missing property passes only `exists: false`. */
export interface PropertyCondition {
  /** The keys from the top of `properties` to the property; they lead through objects only. */
  readonly path: readonly string[];
  readonly predicate: PropertyPredicate;
}

export type PropertyPredicate =
  /** Equals one of the values, of the same type. */
  | { readonly kind: 'in'; readonly values: readonly JsonScalar[] }
  /** True: present, perhaps null; false: absent. */
  | { readonly kind: 'exists'; readonly expected: boolean }
  /** True: null; false: present and not null. */
  | { readonly kind: 'isNull'; readonly expected: boolean }
  | Comparison;

/** A number that is greater or less than the bound. */
export interface Comparison {
  readonly kind: 'compare';
  readonly operator: '>' | '>=' | '<' | '<=';
  readonly bound: number;
}

const operators = { gt: '>', gte: '>=', lt: '<', lte: '<=' } as const;

/** What a property must be like, as sent: exactly one of the fields. */
export class PropertyPredicateInput {
  @MayBeAbsent() @rule('isScalar', checkScalar) readonly equals?: JsonScalar;

  @MayBeAbsent()
  @IsList({ min: 1, max: filterLimits.maxValues, items: 'strings, numbers or booleans' }, checkScalar)
  readonly in?: readonly JsonScalar[];

  @MayBeAbsent() @rule('isBoolean', checkBoolean) readonly exists?: boolean;
  @MayBeAbsent() @rule('isBoolean', checkBoolean) readonly isNull?: boolean;
  @MayBeAbsent() @rule('isFiniteNumber', checkFinite) readonly gt?: number;
  @MayBeAbsent() @rule('isFiniteNumber', checkFinite) readonly gte?: number;
  @MayBeAbsent() @rule('isFiniteNumber', checkFinite) readonly lt?: number;
  @MayBeAbsent() @rule('isFiniteNumber', checkFinite) readonly lte?: number;
}

/** A condition on one property, as sent. */
export class PropertyFilterInput {
  @IsList({ min: 1, max: limits.maxPropertiesDepth, items: 'keys' }, checkKey)
  readonly path!: readonly string[];

  @IsOneOf(PropertyPredicateInput, 'for a range, use two property filters')
  readonly is!: PropertyPredicateInput;
}

/** Reads a valid property filter. */
export function toPropertyCondition({ path, is }: PropertyFilterInput): PropertyCondition {
  return { path, predicate: toPredicate(is) };
}

function toPredicate(sent: PropertyPredicateInput): PropertyPredicate {
  const { equals, in: values = equals === undefined ? undefined : [equals], exists, isNull } = sent;
  if (values) {
    // Equal sets give equal filters, so that their cursors are interchangeable.
    const texts = new Set(values.map((value) => JSON.stringify(value)));
    return { kind: 'in', values: [...texts].sort().map((text) => JSON.parse(text) as JsonScalar) };
  }
  if (exists !== undefined) return { kind: 'exists', expected: exists };
  if (isNull !== undefined) return { kind: 'isNull', expected: isNull };
  const name = (['gt', 'gte', 'lt', 'lte'] as const).find((key) => sent[key] !== undefined)!;
  return { kind: 'compare', operator: operators[name], bound: sent[name]! };
}

function checkBoolean(value: unknown): string | undefined {
  return typeof value === 'boolean' ? undefined : mustBe('true or false', value);
}

function checkScalar(value: unknown): string | undefined {
  switch (typeof value) {
    case 'boolean':
      return undefined;
    case 'number':
      return checkNumber(value);
    case 'string':
      return value.length > maxPropertiesBytes
        ? `must be at most ${maxPropertiesBytes} characters`
        : checkCharacters(value);
    default:
      return value === null
        ? 'must be a string, a number or a boolean: for null, use isNull'
        : mustBe('a string, a number or a boolean', value);
  }
}
