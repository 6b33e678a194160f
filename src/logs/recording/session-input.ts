import { isArray, ValidateIf } from 'class-validator';
import { isObject, type JsonObject } from '../model/json';
import { limits } from '../model/limits';
import { IsProperties } from '../validation/properties';
import { rule } from '../validation/rule';
import { IsText } from '../validation/text';
import { IsDateTime } from '../validation/time';
import { createViolationList, type ViolationList } from '../validation/violations';
import { check } from '../validation/validate';

/** One action of a session, as it was sent. */
export class ActionInput {
  @IsDateTime()
  readonly time!: string;

  @IsText(limits.maxTypeLength)
  readonly type!: string;

  @ValidateIf(
    (action: ActionInput) => action.properties !== undefined && action.properties !== null,
  )
  @IsProperties()
  readonly properties?: JsonObject | null;
}

/** Characters (Unicode code points) in an idempotency key. */
export const maxKeyLength = 128;

/** What one user did in one session, as it was sent. */
export class SessionInput {
  @IsText(limits.maxIdLength)
  readonly userId!: string;

  @IsText(limits.maxIdLength)
  readonly sessionId!: string;

  @IsActionList()
  readonly actions!: readonly ActionInput[];

  @ValidateIf(
    ({ idempotencyKey }: SessionInput) => idempotencyKey !== undefined && idempotencyKey !== null,
  )
  @IsText(maxKeyLength)
  readonly idempotencyKey?: string | null;
}

const sessionFields = ['userId', 'sessionId', 'actions', 'idempotencyKey'] as const;

/** The list alone: its items are validated one by one, and only when there are not too many. */
function IsActionList(): PropertyDecorator {
  return rule('isActionList', (value) => {
    const most = limits.maxActionsPerSession;
    if (!isArray(value)) return `must be a list of 0 to ${most} actions`;
    return value.length > most
      ? `must hold at most ${most} actions, not ${value.length}`
      : undefined;
  });
}

/** Valid sessions. A session in a variable is validated with the variables, then again by `recordSession`. */
const validSessions = new WeakSet<object>();

/**
 * Holds a session to the rules.
 * @param path where the session stands in the request, `''` when it is all of it
 * @throws {InvalidInputError} listing every violation
 */
export function validateSession(raw: unknown, path: string): SessionInput {
  if (isObject(raw) && validSessions.has(raw)) return raw as unknown as SessionInput;
  const violations = createViolationList();
  findSessionViolations(raw, path, violations);
  if (violations.listed.length > 0) throw violations.toError();
  validSessions.add(raw as object);
  return raw as SessionInput;
}

/** Adds every violation in a session, as long as there is room. */
export function findSessionViolations(raw: unknown, path: string, violations: ViolationList): void {
  if (!isObject(raw)) {
    violations.add(() => path || 'session', 'must be an object with userId, sessionId and actions');
    return;
  }
  const prefix = path && `${path}.`;
  check(SessionInput, sessionFields, raw, prefix, violations);
  const { actions } = raw;
  if (!isArray(actions) || actions.length > limits.maxActionsPerSession) return;
  for (const [at, action] of (actions as readonly unknown[]).entries()) {
    if (violations.isFull()) return;
    const actionPath = `${prefix}actions[${at}]`;
    if (isObject(action)) {
      check(ActionInput, ['time', 'type', 'properties'], action, `${actionPath}.`, violations);
    } else {
      violations.add(() => actionPath, 'must be an object with time, type and properties');
    }
  }
}
