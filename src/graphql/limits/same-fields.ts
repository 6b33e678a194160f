/** Fields with one response name. */
interface SameFields {
  count: number;
  withSelections: number;
  argumentTokens: number;
}

/**
 * Adds up what it costs to find out whether fields with one response name may be merged.
 * graphql-js asks it of each two of them, and then of their arguments and their selections, which costs eight times as
 * much as two names. Here it is added up for a whole document, as if all its fields were in one selection set.
 */
export function createSameFieldsTally() {
  const fields = new Map<string, SameFields>();
  let current: SameFields | undefined;
  let total = 0;

  function add(part: keyof SameFields, more: number): void {
    if (!current) return;
    total -= comparisonsOf(current);
    current[part] += more;
    total += comparisonsOf(current);
  }

  return {
    get total(): number {
      return total;
    },
    /** The field that is being read. */
    begin(responseName: string): void {
      current = fields.get(responseName);
      if (!current) {
        current = { count: 0, withSelections: 0, argumentTokens: 0 };
        fields.set(responseName, current);
      }
      add('count', 1);
    },
    addArguments: (tokens: number): void => add('argumentTokens', tokens),
    addSelections: (): void => add('withSelections', 1),
    end(): void {
      current = undefined;
    },
  };
}

function comparisonsOf({ count, withSelections, argumentTokens }: SameFields): number {
  return Math.max(0, count - 1) * (count + 8 * withSelections + argumentTokens);
}
