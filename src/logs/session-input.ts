import { isArray, ValidateIf } from 'class-validator';
import { InvalidInputError, type Violation } from './errors';
import { isObject, type JsonObject } from './json';
import { limits } from './limits';
import { IsProperties } from './rules/properties';
import { rule } from './rules/rule';
import { IsText } from './rules/text';
import { IsDateTime } from './rules/time';
import { check } from './violations';

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

/** What one user did in one session, as it was sent. */
export class SessionInput {
  @IsText(limits.maxIdLength)
  readonly userId!: string;

  @IsText(limits.maxIdLength)
  readonly sessionId!: string;

  @IsActionList()
  readonly actions!: readonly ActionInput[];
}

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

/**
 * Holds a session to the rules.
 * @param path where the session stands in the request, `''` when it is all of it
 * @throws {InvalidInputError} listing every violation
 */
export function validateSession(raw: unknown, path: string): SessionInput {
  const { violations, omittedCount } = findSessionViolations(raw, path);
  if (violations.length > 0) throw new InvalidInputError(violations, omittedCount);
  return raw as SessionInput;
}

/** Most violations that one answer lists; it says how many more there are. */
const maxListedViolations = 10_000;

/** Every violation in a session; those beyond the first 10,000 are counted only. */
export function findSessionViolations(
  raw: unknown,
  path: string,
): { violations: readonly Violation[]; omittedCount: number } {
  if (!isObject(raw)) {
    const message = 'must be an object with userId, sessionId and actions';
    return { violations: [{ path: path || 'session', message }], omittedCount: 0 };
  }
  const prefix = path && `${path}.`;
  const violations: Violation[] = [];
  let omittedCount = 0;
  const add = (found: readonly Violation[]): void => {
    const room = maxListedViolations - violations.length;
    violations.push(...found.slice(0, room));
    omittedCount += Math.max(0, found.length - room);
  };

  add(check(SessionInput, ['userId', 'sessionId', 'actions'], raw, prefix).violations);
  const { actions } = raw;
  if (isArray(actions) && actions.length <= limits.maxActionsPerSession) {
    actions.forEach((action: unknown, at) => {
      const actionPath = `${prefix}actions[${at}]`;
      if (isObject(action)) {
        add(
          check(ActionInput, ['time', 'type', 'properties'], action, `${actionPath}.`).violations,
        );
      } else {
        add([{ path: actionPath, message: 'must be an object with time, type and properties' }]);
      }
    });
  }
  return { violations, omittedCount };
}
