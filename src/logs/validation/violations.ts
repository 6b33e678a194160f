import { InvalidInputError, type Violation } from '../model/errors';

/** Most violations that one answer lists. */
const maxListed = 10_000;
/** Nobody needs to know of more: 4 MB may hold 800,000, which take longer to find than to parse. */
const maxCounted = 20_000;

export type ViolationList = ReturnType<typeof createViolationList>;

/** The violations of a request. The first 10,000 are listed, as many more are counted, and there the search ends. */
export function createViolationList() {
  const listed: Violation[] = [];
  let omittedCount = 0;
  let isEnded = false;
  const isFull = (): boolean => isEnded || listed.length + omittedCount >= maxCounted;

  return {
    listed: listed as readonly Violation[],
    isFull,
    /**
     * @param path is asked for when the violation is listed
     * @returns whether there is room for more
     */
    add(path: () => string, message: string): boolean {
      if (listed.length < maxListed) listed.push({ path: path(), message });
      else if (!isFull()) omittedCount++;
      return !isFull();
    },
    /** Adds the violations of an error. */
    addError({ details }: InvalidInputError): void {
      for (const { path, message } of details.violations) {
        if (!this.add(() => path, message)) return;
      }
      omittedCount += details.omittedViolationCount ?? 0;
    },
    /** Ends the search before the list is full: there may be more. */
    end(): void {
      isEnded = true;
    },
    toError: (): InvalidInputError => new InvalidInputError(listed, omittedCount, isFull()),
  };
}
