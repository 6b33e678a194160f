import type { ApolloServerPlugin } from '@apollo/server';
import type { GraphQLContext } from '../context';
import { isObject, type JsonParts } from '../../logs/model/json';
import { compilePlan, type Plan } from './plan';
import { createPlanCache } from './plan-cache';
import type { CompiledInputs } from './variables';

/** Answers what applications send again and again without Apollo Server and graphql-js, and exactly like them. */
export interface FastPath {
  /** Learns from the operations that Apollo Server has parsed and found valid. */
  readonly plugin: ApolloServerPlugin<GraphQLContext>;
  /**
   * @param body of a POST
   * @returns the answer as JSON, undefined when it is to come from Apollo Server, with the same context
   */
  execute(body: unknown, context: GraphQLContext): Promise<JsonParts | undefined>;
}

export function createFastPath(): FastPath {
  const plans = createPlanCache();
  const inputs: CompiledInputs = new Map();

  return {
    plugin: {
      async requestDidStart() {
        return {
          async didResolveOperation({ request, source, document, operation, schema }) {
            if (!operation) return;
            plans.learn(source, request.operationName, () =>
              compilePlan(document, operation, schema, inputs),
            );
          },
        };
      },
    },

    async execute(body, context) {
      const found = findPlan(body);
      if (!found) return undefined;
      try {
        return await found.plan(found.variables, context);
      } catch {
        return undefined;
      }
    },
  };

  function findPlan(body: unknown): { plan: Plan; variables: Record<string, unknown> } | undefined {
    if (!isObject(body)) return undefined;
    const { query, variables, operationName, extensions } = body;
    if (typeof query !== 'string') return undefined;
    if (!isAbsent(variables) && !isObject(variables)) return undefined;
    if (!isAbsent(operationName) && typeof operationName !== 'string') return undefined;
    if (!isAbsent(extensions)) {
      if (!isObject(extensions) || 'persistedQuery' in extensions) return undefined;
    }
    const plan = plans.find(query, operationName ?? undefined);
    return plan && { plan, variables: variables ?? {} };
  }
}

function isAbsent(value: unknown): value is null | undefined {
  return value === null || value === undefined;
}
