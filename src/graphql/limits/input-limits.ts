import { getNamedType, type GraphQLInputType } from 'graphql';
import { filterLimits, limits } from '../../logs/model/limits';

const { maxValues, maxConditions } = filterLimits;

/**
 * Most items that the rules of logs/ let a list hold: by the field of an input type, and by the type of its items for a
 * variable that is the list itself.
 */
const mostItems: Readonly<Record<string, number>> = {
  userIds: maxValues,
  sessionIds: maxValues,
  types: maxValues,
  properties: maxConditions,
  path: limits.maxPropertiesDepth,
  in: maxValues,
  actions: limits.maxActionsPerSession,
  String: maxValues,
  JSON: maxValues,
  PropertyFilter: maxConditions,
  ActionInput: limits.maxActionsPerSession,
};

/**
 * Most items that any rule lets a list hold.
 * @param field the field of an input type that it is; undefined for a variable
 */
export function mostItemsOf(field: string | undefined, type: GraphQLInputType): number {
  return mostItems[field ?? getNamedType(type).name] ?? Infinity;
}
