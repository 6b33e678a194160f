import {
  getNullableType,
  isEnumType,
  isInputObjectType,
  isListType,
  isSpecifiedScalarType,
  type GraphQLInputObjectType,
  type GraphQLInputType,
} from 'graphql';
import type { Violation } from '../../logs/model/errors';
import { mostItemsOf } from './input-limits';

/** Items of all lists together up to which those that are too long are told of by the rules, with all other violations. */
const maxItems = 10_000;
/** Most fields of an object and characters of a name with which graphql-js looks for what was meant. */
const maxFields = 100;
const maxNameLength = 200;
/** Most values in an object where a number or a text is expected: graphql-js would quote them all. */
const maxQuoted = 1_000;

/** A part of a variable, and how to write down where it is. */
type Path = () => string;

/** Looks for what makes variables expensive to coerce. It only counts, so that a megabyte of it takes no time. */
export function createExcessFinder() {
  let itemCount = 0;
  let isVast = false;

  /**
   * Takes note of a variable.
   * @param field the field of an input type that the value is of; undefined for a variable
   * @param found gets what is too large in it
   */
  function read(
    value: unknown,
    type: GraphQLInputType,
    field: string | undefined,
    path: Path,
    found: Violation[],
  ): void {
    if (typeof value !== 'object' || value === null) return;
    const nullable = getNullableType(type);
    if (isListType(nullable)) {
      if (Array.isArray(value)) readList(value, nullable.ofType, field, path, found);
      else read(value, nullable.ofType, field, path, found);
    } else if (isInputObjectType(nullable)) {
      readObject(value, nullable, path, found);
    } else if (isEnumType(nullable) || isSpecifiedScalarType(nullable)) {
      if (countQuoted(value) <= maxQuoted) return;
      isVast = true;
      found.push({ path: path(), message: `must be of type ${nullable}, not a list or an object` });
    }
  }

  function readList(
    list: readonly unknown[],
    itemType: GraphQLInputType,
    field: string | undefined,
    path: Path,
    found: Violation[],
  ): void {
    itemCount += list.length;
    const most = mostItemsOf(field, itemType);
    if (list.length > most) {
      const message = `must hold at most ${most} items, not ${list.length}`;
      found.push({ path: path(), message });
      if (itemCount > maxItems) return;
    }
    for (const [at, item] of list.entries()) {
      read(item, itemType, undefined, () => `${path()}[${at}]`, found);
    }
  }

  function readObject(
    object: object,
    type: GraphQLInputObjectType,
    path: Path,
    found: Violation[],
  ): void {
    const fields = Object.values(type.getFields());
    const names = Object.keys(object);
    if (names.length > maxFields || names.some(({ length }) => length > maxNameLength)) {
      isVast = true;
      const known = fields.map(({ name }) => name).join(', ');
      found.push({ path: path(), message: `must have no fields but ${known}` });
      return;
    }
    for (const { name, type: fieldType } of fields) {
      const value = (object as Readonly<Record<string, unknown>>)[name];
      read(value, fieldType, name, () => `${path()}.${name}`, found);
    }
  }

  return {
    read,
    /** Whether all that was found together is so large that nobody looks for anything else. */
    isTooMuch: (): boolean => isVast || itemCount > maxItems,
  };
}

/** How many values graphql-js quotes: ten of each list, all of each object, three levels deep. */
function countQuoted(value: unknown, depth = 0): number {
  if (typeof value !== 'object' || value === null || depth > 2) return 1;
  const keys = Array.isArray(value) ? [...value.slice(0, 10).keys()] : Object.keys(value);
  let count = keys.length;
  for (const key of keys) {
    if (count > maxQuoted) break;
    count += countQuoted((value as Readonly<Record<string, unknown>>)[key], depth + 1);
  }
  return count;
}
