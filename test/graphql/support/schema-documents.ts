import fc from 'fast-check';
import {
  getNamedType,
  isListType,
  isNonNullType,
  isObjectType,
  type GraphQLArgument,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
} from 'graphql';
import type { Request } from './documents';

/** Literals for arguments, by their names or else their types; variables are sent with the same values as JSON. */
export type Literals = Readonly<Record<string, readonly string[]>>;

/** The level of lists within each other; more would make answers large, and no sense. */
const maxDepth = 6;
/** A document may hold ten. */
const maxLists = 8;

/**
 * Queries with whatever the fields of a schema allow, in any mixture: aliases, fragments, directives, the same field
 * several times with other selections, arguments as literals and as variables.
 */
export function schemaDocuments(
  schema: GraphQLSchema,
  literals: Literals,
  rootFields: readonly string[],
): fc.Arbitrary<Request> {
  const query = schema.getQueryType()!;
  return fc.gen().map((gen) => {
    const pick = <Item>(items: readonly Item[]): Item => gen(fc.constantFrom<Item[]>, ...items);
    const chance = (percent: number): boolean => gen(fc.integer, { min: 1, max: 100 }) <= percent;
    const declared: string[] = [];
    const variables: Record<string, unknown> = {};
    const fragments: string[] = [];
    let lists = 0;
    let aliases = 0;

    function directive(): string {
      if (!chance(15)) return '';
      const name = pick(['skip', 'include']);
      if (chance(30)) return ` @${name}(if: ${pick(['true', 'false'])})`;
      const variable = `if${declared.length}`;
      declared.push(`$${variable}: Boolean!`);
      variables[variable] = chance(70) === (name === 'include');
      return ` @${name}(if: $${variable})`;
    }

    function value({ name: argument, type, defaultValue }: GraphQLArgument): string {
      const literal = pick((literals[argument] ?? literals[getNamedType(type).name])!);
      if (chance(50)) return literal;
      const isRequired = isNonNullType(type) && (defaultValue === undefined || chance(50));
      const name = `v${declared.length}`;
      declared.push(`$${name}: ${getNamedType(type).name}${isRequired ? '!' : ''}`);
      if (isRequired || chance(80)) variables[name] = toJsonValue(literal);
      return `$${name}`;
    }

    function argumentsOf(args: readonly GraphQLArgument[]): string {
      const written = args
        .filter((arg) => (isNonNullType(arg.type) && arg.defaultValue === undefined) || chance(35))
        .map((arg) => `${arg.name}: ${value(arg)}`);
      return written.length > 0 ? `(${written.join(', ')})` : '';
    }

    function fieldOf(type: GraphQLObjectType, depth: number, names: readonly string[]): string {
      const name = pick(names);
      if (name === '__typename') return chance(50) ? name : `kind: ${name}`;
      const field = type.getFields()[name]!;
      const fieldType = getNamedType(field.type);
      const takesArguments = field.args.length > 0;
      const alias = takesArguments || chance(20) ? `a${++aliases}: ` : '';
      const head = `${alias}${name}${takesArguments ? argumentsOf(field.args) : ''}`;
      if (!isObjectType(fieldType)) return head + directive();
      if (isList(field.type)) lists++;
      const written = `${head}${directive()} { ${selections(fieldType, depth - 1)} }`;
      // Twice under one name, with other fields: they are merged.
      if (!chance(12)) return written;
      if (isList(field.type)) lists++;
      return `${written} ${head} { ${selections(fieldType, depth - 1)} }`;
    }

    function selections(type: GraphQLObjectType, depth: number): string {
      const fields = Object.values(type.getFields()).filter((field) => {
        if (type === query) return rootFields.includes(field.name);
        const isNested = isObjectType(getNamedType(field.type));
        return !isNested || (depth > 0 && (!isList(field.type) || lists < maxLists));
      });
      const names = [...fields.map(({ name }) => name), '__typename'];
      const written: string[] = [];
      const count = gen(fc.integer, { min: 1, max: type === query ? 3 : 5 });
      for (let at = 0; at < count; at++) {
        const field = lists > maxLists ? '__typename' : fieldOf(type, depth, names);
        const form = pick(['field', 'field', 'field', 'field', 'inline', 'spread']);
        if (form === 'inline') {
          written.push(`...${chance(50) ? ` on ${type.name}` : ''}${directive()} { ${field} }`);
        } else if (form === 'spread') {
          fragments.push(`fragment F${fragments.length} on ${type.name} { ${field} }`);
          written.push(`...F${fragments.length - 1}${directive()}`);
        } else {
          written.push(field);
        }
      }
      return written.join(' ');
    }

    const body = selections(query, maxDepth);
    const head = declared.length > 0 ? `query (${declared.join(', ')})` : '';
    return {
      query: `${head} { ${body} } ${fragments.join(' ')}`,
      variables,
      operationName: undefined,
    };
  });
}

function isList(type: GraphQLOutputType): boolean {
  return isListType(isNonNullType(type) ? type.ofType : type);
}

/** A GraphQL literal as JSON: enum values become strings, names of fields are quoted. */
function toJsonValue(literal: string): unknown {
  if (/^[A-Z_]+$/.test(literal)) return literal;
  return JSON.parse(literal.replace(/([{,]\s*)(\w+):/g, '$1"$2":')) as unknown;
}
