import { randomUUID } from 'node:crypto';
import type { JsonParts } from '../../logs/model/json';

/** Stands for the JSON of a result while graphql-ws writes a message. Random, so that no id equals it. */
const placeholder = randomUUID();
/** The result in the message that is being written. */
let current: MessageJson | undefined;

/** The result of an operation, whose JSON is written already. */
export class ResultJson {
  /** @param isOfSubscription whether its client may be slow to take it: see streams/open-streams.ts */
  constructor(
    readonly parts: JsonParts,
    readonly isOfSubscription: boolean,
  ) {}

  toJSON(): string {
    const { parts, isOfSubscription } = this;
    current = { parts, isOfSubscription };
    return placeholder;
  }
}

/** A message as it is sent. */
export interface MessageJson {
  readonly parts: JsonParts;
  readonly isOfSubscription: boolean;
}

/**
 * Puts the JSON of its result into a message. To be called in the same turn in which graphql-ws has written it.
 * @param text JSON that graphql-ws has written
 */
export function toMessageJson(text: string): MessageJson {
  const result = current;
  current = undefined;
  if (!result) return { parts: [text], isOfSubscription: false };
  const [before, after] = text.split(`"${placeholder}"`);
  return { parts: [before!, ...result.parts, after!], isOfSubscription: result.isOfSubscription };
}
