import {
  getArgumentValues,
  OperationTypeNode,
  separateOperations,
  TypeInfo,
  visit,
  visitWithTypeInfo,
  type DocumentNode,
  type FieldNode,
  type GraphQLField,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import { scopeBits, type Scope } from '../../logs/access/principal';

/** The scope that a field needs, by type and field; null: any key. Root fields that are not here need `admin`. */
export const fieldScopes: Readonly<Record<string, Scope | null>> = {
  'Query.logs': 'read',
  'Query.logsConnection': 'read',
  'Query.logHistogram': 'read',
  'Query.logTypes': 'read',
  'Query.clickMap': 'read',
  'Query.session': 'read',
  'Query.sessions': 'read',
  'Query.logChanges': 'read',
  'Subscription.logRecorded': 'read',
  'Query.serverInfo': null,
  'Query.viewer': null,
  'Mutation.recordSession': 'record',
  'RecordSessionPayload.entries': 'read',
  'Mutation.deleteUserData': 'erase',
  'Mutation.deleteSession': 'erase',
};

/** Visits the fields of an operation of a valid document and of the fragments that it uses, skipped ones too. */
function visitFields(
  document: DocumentNode,
  { name }: OperationDefinitionNode,
  schema: GraphQLSchema,
  visitField: (node: FieldNode, typeInfo: TypeInfo) => void,
): void {
  const typeInfo = new TypeInfo(schema);
  const own = separateOperations(document)[name?.value ?? '']!;
  visit(own, visitWithTypeInfo(typeInfo, { Field: (node) => visitField(node, typeInfo) }));
}

/** The scopes, as bits, that an operation of a valid document needs, its skipped fields included. */
export function scopesOf(
  document: DocumentNode,
  operation: OperationDefinitionNode,
  schema: GraphQLSchema,
): number {
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
  let mask = 0;
  visitFields(document, operation, schema, ({ name: { value: field } }, typeInfo) => {
    const parent = typeInfo.getParentType()!;
    const scope = fieldScopes[`${parent.name}.${field}`];
    const isUnlisted =
      scope === undefined && roots.some((root) => root === parent) && !field.startsWith('__');
    if (scope || isUnlisted) mask |= scopeBits[scope ?? 'admin'];
  });
  return mask;
}

/**
 * Finds the users whose data a mutation records or erases, in skipped fields too, so that all are known before one
 * field takes effect.
 * @returns a function of the values of the variables
 */
export function findNamedUsers(
  document: DocumentNode,
  operation: OperationDefinitionNode,
  schema: GraphQLSchema,
): (variableValues: Readonly<Record<string, unknown>>) => readonly string[] {
  const fields: [GraphQLField<unknown, unknown>, FieldNode][] = [];
  if (operation.operation === OperationTypeNode.MUTATION) {
    visitFields(document, operation, schema, (node, typeInfo) => {
      if (typeInfo.getParentType() === schema.getMutationType()) fields.push([typeInfo.getFieldDef()!, node]);
    });
  }
  return (variableValues) =>
    fields.flatMap(([field, node]) => {
      try {
        const { userId, input } = getArgumentValues(field, node, variableValues) as NamingArguments;
        return userId ?? input?.userId ?? [];
      } catch {
        // A null where none may be: the field fails with it and takes no effect.
        return [];
      }
    });
}

interface NamingArguments {
  readonly userId?: string;
  readonly input?: { readonly userId: string };
}
