import { createRecentlyUsed } from '../execution/recently-used';
import type { Plan } from './plan';

/** Characters of the documents whose plans are kept. */
const maxLength = 500_000;
/** Characters of a document. Longer ones have data in them, and are sent once. */
const maxTextLength = 4_000;
/** What an operation costs beside its text, in characters. */
const baseLength = 600;

/** `seen`: once until now; most documents that hold data instead of variables never come again. */
type State = Plan | 'seen' | 'unsupported';

/** The plans of operations that were sent before, by their text. */
export interface PlanCache {
  find(text: string, operationName: string | undefined): Plan | undefined;
  /** Called for each valid operation that has no plan. */
  learn(text: string, operationName: string | undefined, compile: () => Plan): void;
}

export function createPlanCache(): PlanCache {
  const states = createRecentlyUsed<State>(maxLength);

  return {
    find(text, operationName) {
      const key = keyOf(text, operationName);
      const state = key === undefined ? undefined : states.get(key);
      return typeof state === 'function' ? state : undefined;
    },

    learn(text, operationName, compile) {
      const key = keyOf(text, operationName);
      if (key === undefined) return;
      const state = states.get(key);
      if (state !== undefined && state !== 'seen') return;
      states.set(key, state ? tryTo(compile) : 'seen', baseLength + key.length);
    },
  };
}

/** Undefined for what is not kept. Names have no colon, so that no two operations share a key. */
function keyOf(text: string, operationName: string | undefined): string | undefined {
  if (text.length > maxTextLength) return undefined;
  if (operationName === undefined) return `:${text}`;
  return /^\w+$/.test(operationName) ? `${operationName}:${text}` : undefined;
}

function tryTo(compile: () => Plan): State {
  try {
    return compile();
  } catch {
    return 'unsupported';
  }
}
