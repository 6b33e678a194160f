import {
  coerceInputValue,
  getNamedType,
  isNonNullType,
  typeFromAST,
  type GraphQLInputType,
  type GraphQLSchema,
  type NamedTypeNode,
  type VariableDefinitionNode,
} from 'graphql';
import type { Violation } from '../../logs/model/errors';
import { findSessionViolations } from '../../logs/recording/session-input';
import { shorten } from '../../logs/model/shorten';
import { createViolationList, type ViolationList } from '../../logs/validation/violations';
import { createExcessFinder } from '../limits/variable-excess';

/** After so many violations nobody looks for another value of a wrong type: to tell of one takes 10 µs. */
const maxTypeViolations = 50;
const maxTextLength = 300;

type Variables = Readonly<Record<string, unknown>>;

interface Variable {
  /** Its name, which may be as long as a document. */
  readonly path: string;
  readonly type: GraphQLInputType;
  readonly value: unknown;
}

/**
 * Finds what keeps variables from being what the operation declares, so that graphql-js need not: for each of its errors it
 * writes down the whole object around the mistake, which may be megabytes.
 *
 * A session is judged by its own rules instead, which find wrong types and everything else.
 * @param definitions of a valid document
 */
export function findVariableViolations(
  definitions: readonly VariableDefinitionNode[],
  schema: GraphQLSchema,
  sent: Variables,
): ViolationList {
  const violations = createViolationList();
  const variables: Variable[] = [];
  for (const { variable, type: typeNode, defaultValue } of definitions) {
    const name = variable.name.value;
    const path = shorten(name, maxTextLength);
    const type = typeFromAST(schema, typeNode as NamedTypeNode) as GraphQLInputType;
    if (Object.hasOwn(sent, name)) {
      const value = sent[name];
      if (value !== null || !isNonNullType(type)) variables.push({ path, type, value });
      else violations.add(() => path, `of non-null type "${type}" must not be null.`);
    } else if (!defaultValue && isNonNullType(type)) {
      violations.add(() => path, `of required type "${type}" was not provided.`);
    }
  }
  if (addExcess(variables, violations)) return violations;
  for (const variable of variables) {
    if (violations.isFull()) break;
    addWrongTypes(variable, violations);
  }
  return violations;
}

/** @returns whether there is so much of it that nothing else is looked for */
function addExcess(variables: readonly Variable[], violations: ViolationList): boolean {
  const excess = createExcessFinder();
  const found = variables.map((variable) => {
    const inIt: Violation[] = [];
    excess.read(variable.value, variable.type, undefined, () => variable.path, inIt);
    return { variable, inIt };
  });
  if (!excess.isTooMuch()) return false;
  const large = found.filter(({ inIt }) => inIt.length > 0);
  for (const { variable, inIt } of large) {
    if (!addSessionViolations(variable, violations)) addAll(inIt, violations);
  }
  return large.length > 0;
}

/** Adds what graphql-js finds, with its reasons. */
function addWrongTypes(variable: Variable, violations: ViolationList): void {
  const found: Violation[] = [];
  const most = Math.max(1, maxTypeViolations - violations.listed.length);
  const enough = new Error();
  try {
    coerceInputValue(variable.value, variable.type, (keys, _value, { message }) => {
      const path = variable.path + keys.map(toStep).join('');
      if (found.push({ path, message: shorten(message, maxTextLength) }) === most) throw enough;
    });
  } catch (error) {
    if (error !== enough) throw error;
  }
  if (found.length === 0 || addSessionViolations(variable, violations)) return;
  addAll(found, violations);
  if (found.length === most) violations.end();
}

/** @returns whether the variable is a session, and whether it breaks its rules */
function addSessionViolations({ type, value }: Variable, violations: ViolationList): boolean {
  if (getNamedType(type).name !== 'RecordSessionInput') return false;
  const before = violations.listed.length;
  findSessionViolations(value, 'input', violations);
  return violations.listed.length > before;
}

function addAll(found: readonly Violation[], violations: ViolationList): void {
  for (const { path, message } of found) violations.add(() => path, message);
}

function toStep(key: string | number): string {
  return typeof key === 'number' ? `[${key}]` : `.${key}`;
}
