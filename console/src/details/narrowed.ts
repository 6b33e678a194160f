import type { PropertyFilter, PropertyPredicate } from '../gql/graphql';

/** A condition that a property of an entry offers, and its words. */
export interface Offer {
  readonly label: string;
  readonly is: PropertyPredicate;
}

/**
 * The conditions on a property that the API expresses exactly. It has no "not equal": without a property, all its values
 * are left out.
 */
export function offersFor(value: unknown): readonly Offer[] {
  return [
    ...valueOffers(value),
    { label: 'With this property', is: { exists: true } },
    { label: 'Without this property', is: { exists: false } },
  ];
}

function valueOffers(value: unknown): readonly Offer[] {
  if (value === null) {
    return [
      { label: 'Only null', is: { isNull: true } },
      { label: 'Only with a value', is: { isNull: false } },
    ];
  }
  if (typeof value === 'object') return [];
  const only: Offer = { label: 'Only this value', is: { equals: value } };
  if (typeof value !== 'number') return [only];
  return [
    only,
    { label: 'This or greater', is: { gte: value } },
    { label: 'This or less', is: { lte: value } },
  ];
}

/** Adds a condition in place of those on the same property that it contradicts or repeats. */
export function withCondition(
  known: readonly PropertyFilter[],
  { path, is }: PropertyFilter,
): readonly PropertyFilter[] {
  const text = JSON.stringify(path);
  const [name] = Object.keys(is);
  const isKept = (other: PropertyFilter): boolean => {
    if (JSON.stringify(other.path) !== text) return true;
    const [otherName] = Object.keys(other.is);
    return (name === 'gte' && otherName!.startsWith('l')) || (name === 'lte' && otherName!.startsWith('g'));
  };
  return [...known.filter(isKept), { path, is }];
}
