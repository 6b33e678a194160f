import { parseRangeBound, type Instant } from '../model/instant';
import { limits } from '../model/limits';
import { IsOptional } from '../validation/rule';
import { IsText } from '../validation/text';
import { IsNotAfter, IsRangeBound } from '../validation/time';
import { requireValid } from '../validation/validate';

/** The arguments of `logs`, as they were sent. Null means the same as absent. */
export class LogsArguments {
  @IsOptional()
  @IsText(limits.maxIdLength)
  readonly user?: string | null | undefined;

  @IsOptional()
  @IsText(limits.maxTypeLength)
  readonly type?: string | null | undefined;

  @IsOptional()
  @IsRangeBound()
  @IsNotAfter('endTime')
  readonly startTime?: string | null | undefined;

  @IsOptional()
  @IsRangeBound()
  readonly endTime?: string | null | undefined;
}

/** Which entries are wanted: all that fit every given part, with startTime <= time < endTime. */
export interface LogsFilter {
  readonly user?: string | undefined;
  readonly type?: string | undefined;
  readonly startTime?: Instant | undefined;
  readonly endTime?: Instant | undefined;
}

/** @throws {InvalidInputError} listing every violation */
export function toLogsFilter(args: object): LogsFilter {
  const { user, type, startTime, endTime } = requireValid(LogsArguments, args);
  return {
    user: user ?? undefined,
    type: type ?? undefined,
    startTime: startTime ? parseRangeBound(startTime) : undefined,
    endTime: endTime ? parseRangeBound(endTime) : undefined,
  };
}
