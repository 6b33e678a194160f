import { IsOptional } from 'class-validator';
import { parseRangeBound } from '../model/instant';
import { limits } from '../model/limits';
import { IsText } from '../validation/text';
import { IsNotAfter, IsRangeBound } from '../validation/time';
import { requireValid } from '../validation/validate';
import type { LogFilter } from './log-filter';

/** The arguments of `logs`, as they were sent. Null means the same as absent. */
export class LogsArguments {
  @IsOptional() @IsText(limits.maxIdLength) readonly user?: string | null | undefined;
  @IsOptional() @IsText(limits.maxTypeLength) readonly type?: string | null | undefined;
  @IsOptional() @IsRangeBound() @IsNotAfter('endTime') readonly startTime?: string | null | undefined;
  @IsOptional() @IsRangeBound() readonly endTime?: string | null | undefined;
}

/** A filter with at most one user and one type. Throws an {@link InvalidInputError} listing every violation. */
export function parseLogsArguments(args: object): LogFilter {
  const { user, type, startTime, endTime } = requireValid(LogsArguments, args);
  return {
    userIds: user ? [user] : undefined,
    types: type ? [type] : undefined,
    startTime: startTime ? parseRangeBound(startTime) : undefined,
    endTime: endTime ? parseRangeBound(endTime) : undefined,
  };
}

/** The arguments that name a user. */
export class UserArguments {
  @IsText(limits.maxIdLength) readonly userId!: string;
}

/** The arguments that name a session. */
export class SessionArguments {
  @IsText(limits.maxIdLength) readonly userId!: string;
  @IsText(limits.maxIdLength) readonly sessionId!: string;
}
