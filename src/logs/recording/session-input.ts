import { IsOptional } from 'class-validator';
import { isObject, type JsonObject } from '../model/json';
import { limits } from '../model/limits';
import { IsProperties } from '../validation/properties';
import { IsText } from '../validation/text';
import { IsDateTime } from '../validation/time';
import { checkLongList, requireValid, IsInputList } from '../validation/validate';

/** One action of a session, as sent. */
export class ActionInput {
  @IsDateTime() readonly time!: string;
  @IsText(limits.maxTypeLength) readonly type!: string;
  @IsOptional() @IsProperties() readonly properties?: JsonObject | null;
}

/** Characters (Unicode code points) in an idempotency key. */
export const maxKeyLength = 128;

/** The actions of one user in one session, as sent. */
export class SessionInput {
  @IsText(limits.maxIdLength) readonly userId!: string;
  @IsText(limits.maxIdLength) readonly sessionId!: string;

  @IsInputList({ min: 0, max: limits.maxActionsPerSession, items: 'actions' }, ActionInput)
  readonly actions!: readonly ActionInput[];

  @IsOptional() @IsText(maxKeyLength) readonly idempotencyKey?: string | null;
}

/**
 * Checks the actions of a session in slices, before {@link validateSession}.
 * @returns undefined if there are few
 */
export function checkActions(raw: unknown): Promise<void> | undefined {
  return isObject(raw) ? checkLongList(ActionInput, raw['actions'], limits.maxActionsPerSession) : undefined;
}

/** Valid sessions. A session in a variable is validated with the variables, not again when recorded. */
const validSessions = new WeakSet<object>();

/**
 * Validates a session.
 * @param path where the session stands in the request; `''` when it is the whole request
 * @throws {InvalidInputError} listing every violation
 */
export function validateSession(raw: unknown, path: string): SessionInput {
  if (!validSessions.has(raw as object)) {
    requireValid(SessionInput, raw, path || (isObject(raw) ? '' : 'body'));
    validSessions.add(raw as object);
  }
  return raw as SessionInput;
}
