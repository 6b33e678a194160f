import { InvalidInputError, type Violation } from '../model/errors';

/** Maximum number of violations that an error lists. */
const maxListed = 10_000;
/** The search stops after this many violations: a request of 4 MB can have 800,000. */
const maxCounted = 20_000;

/** Collects the violations of a request: lists 10,000, counts the next 10,000, then stops the search. */
export function createViolationList() {
  const listed: Violation[] = [];
  let omittedCount = 0;
  const isFull = (): boolean => listed.length + omittedCount >= maxCounted;

  return {
    listed: listed as readonly Violation[],
    /**
     * @param path called only if the violation is listed
     * @returns whether to look for more violations
     */
    add(path: () => string, message: string): boolean {
      if (listed.length < maxListed) listed.push({ path: path(), message });
      else if (!isFull()) omittedCount++;
      return !isFull();
    },
    /** Adds the violations of an error. */
    addError({ details }: InvalidInputError): void {
      for (const { path, message } of details.violations) if (!this.add(() => path, message)) return;
      omittedCount += details.omittedViolationCount ?? 0;
    },
    toError: (): InvalidInputError => new InvalidInputError(listed, omittedCount, isFull()),
  };
}
