import { limits } from '../model/limits';
import { IsText } from '../validation/text';

/** The arguments that name a user. */
export class UserArguments {
  @IsText(limits.maxIdLength) readonly userId!: string;
}

/** The arguments that name a session. */
export class SessionArguments {
  @IsText(limits.maxIdLength) readonly userId!: string;
  @IsText(limits.maxIdLength) readonly sessionId!: string;
}
