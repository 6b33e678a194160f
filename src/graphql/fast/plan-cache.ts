import type { Plan } from './plan';

/** Most operations that are kept; the one used longest ago goes first. */
const maxOperations = 500;
/** Most characters of a document. Longer ones have data in them, and are sent once. */
const maxTextLength = 4_000;

/** `seen`: once until now; most documents that hold data instead of variables never come again. */
type State = Plan | 'seen' | 'unsupported';

/** The plans of operations that were sent before, by their text. */
export interface PlanCache {
  find(text: string, operationName: string | undefined): Plan | undefined;
  /** Called for each valid operation that has no plan. */
  learn(text: string, operationName: string | undefined, compile: () => Plan): void;
}

export function createPlanCache(): PlanCache {
  const states = new Map<string, State>();

  function put(key: string, state: State): void {
    states.delete(key);
    states.set(key, state);
    if (states.size <= maxOperations) return;
    const [oldest] = states.keys();
    states.delete(oldest!);
  }

  return {
    find(text, operationName) {
      const key = keyOf(text, operationName);
      const state = key === undefined ? undefined : states.get(key);
      if (typeof state !== 'function') return undefined;
      put(key!, state);
      return state;
    },

    learn(text, operationName, compile) {
      const key = keyOf(text, operationName);
      if (key === undefined) return;
      const state = states.get(key);
      if (state === 'unsupported') return;
      put(key, state === undefined ? 'seen' : tryTo(compile));
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
