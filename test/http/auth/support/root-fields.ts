import { readFileSync } from 'node:fs';
import {
  buildSchema,
  getNamedType,
  getNullableType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLObjectType,
} from 'graphql';
import { fieldScopes } from '../../../../src/graphql/limits/field-scopes';

export const schema = buildSchema(readFileSync('schema.graphql', 'utf8'));

const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].filter(
  (type) => type !== undefined && type !== null,
);

/** The fields of the root types, as `Query.logs`. */
export const rootFieldNames = roots.flatMap((type) =>
  Object.keys(type.getFields()).map((field) => `${type.name}.${field}`),
);

type Input = GraphQLArgument | GraphQLInputField;

const isUser = ({ name }: Input): boolean => /user/i.test(name);
const isRequired = ({ type, defaultValue }: Input): boolean =>
  isNonNullType(type) && defaultValue === undefined;

/** The paths of what names a user in an argument. */
function userPaths(input: Input): readonly string[] {
  const { name, type } = input;
  const named = getNamedType(type);
  if (!isInputObjectType(named)) return isUser(input) ? [name] : [];
  return Object.values(named.getFields()).flatMap((field) =>
    userPaths(field).map((path) => `${name}.${path}`),
  );
}

/** What names a user in the arguments of all fields, those of nested fields too, as `Query.logs user`. */
export const userArguments = Object.values(schema.getTypeMap())
  .filter((type) => isObjectType(type) && !type.name.startsWith('__'))
  .flatMap((type) =>
    Object.values((type as GraphQLObjectType).getFields()).flatMap((field) =>
      field.args.flatMap(userPaths).map((path) => `${type.name}.${field.name} ${path}`),
    ),
  );

/** Literals of other arguments, by name: those that are required, and those that matter. */
const literals: Readonly<Record<string, string>> = {
  sessionId: '"s"',
  actions: '[{ time: "2026-01-01T00:00:00Z", type: "T", properties: { locationX: 1, locationY: 1 } }]',
  interval: 'DAY',
  groupBy: 'USER',
  first: '5',
  upTo: '5',
  dryRun: 'true',
};

/** Whether a value must be given, and a user be named in it. */
function mustNameUser(input: Input): boolean {
  const named = getNamedType(input.type);
  if (!isRequired(input)) return false;
  return isInputObjectType(named) ? Object.values(named.getFields()).some(mustNameUser) : isUser(input);
}

/** @param user a literal or a variable; undefined: no user is named */
function writeInput(input: Input, user: string | undefined): string | undefined {
  const { name, type } = input;
  const named = getNamedType(type);
  if (name in literals) return literals[name];
  if (isInputObjectType(named)) {
    if (!isRequired(input) && userPaths(input).length === 0) return undefined;
    const fields = writeInputs(Object.values(named.getFields()), user);
    return fields.length > 0 ? `{ ${fields.join(', ')} }` : undefined;
  }
  if (isUser(input)) return user && (isListType(getNullableType(type)) ? `[${user}]` : user);
  if (isRequired(input)) throw new Error(`no literal for ${name}`);
  return undefined;
}

function writeInputs(inputs: readonly Input[], user: string | undefined): string[] {
  return inputs
    .map((input) => [input.name, writeInput(input, user)] as const)
    .filter(([, text]) => text !== undefined)
    .map(([name, text]) => `${name}: ${text}`);
}

function writeArguments({ args }: GraphQLField<unknown, unknown>, user: string | undefined): string {
  const written = writeInputs(args, user);
  return written.length > 0 ? `(${written.join(', ')})` : '';
}

/** All fields of a type, but those with a scope of their own that is not asked for. */
function writeSelection(type: GraphQLObjectType, wanted: string, depth = 6): string {
  const fields = Object.values(type.getFields()).map((field) => {
    const name = `${type.name}.${field.name}`;
    const fieldType = getNamedType(field.type);
    // The time of the recording differs between recordings.
    if ((name in fieldScopes && name !== wanted) || field.name === 'receivedAt') return '';
    if (!isObjectType(fieldType)) return field.name;
    const selection = depth > 1 ? writeSelection(fieldType, wanted, depth - 1) : '';
    return selection && `${field.name}${writeArguments(field, undefined)} ${selection}`;
  });
  const written = fields.filter(Boolean);
  return written.length > 0 ? `{ ${written.join(' ')} }` : '';
}

/** A field in a document; directives can stand between the parts. */
export interface FieldText {
  readonly operation: string;
  /** The type on which the field is. */
  readonly root: string;
  readonly head: string;
  readonly selection: string;
  /** Whether the document is valid: whether no user is named where none must be. */
  readonly isValid: boolean;
}

/**
 * Writes a root field with everything below it.
 * @param name as in {@link fieldScopes}: of a field below a root field, the root field with this field
 * @param user a literal or a variable; undefined: no user is named
 */
export function writeField(name: string, user: string | undefined): FieldText {
  const [typeName] = name.split('.') as [string];
  const isNamed = (root: GraphQLObjectType, field: string): boolean =>
    name === `${root.name}.${field}` || getNamedType(root.getFields()[field]!.type).name === typeName;
  for (const root of roots) {
    const field = Object.values(root.getFields()).find((each) => isNamed(root, each.name));
    if (!field) continue;
    const type = getNamedType(field.type);
    return {
      operation: root.name.toLowerCase(),
      root: root.name,
      head: field.name + writeArguments(field, user),
      selection: isObjectType(type) ? writeSelection(type, name) : '',
      isValid: user !== undefined || !field.args.some(mustNameUser),
    };
  }
  throw new Error(`no field ${name}`);
}
