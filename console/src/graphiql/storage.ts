const prefix = 'graphiql:';
/** Lists in which GraphiQL keeps the headers of operations, whatever `shouldPersistHeaders` says. */
const histories = new Set([`${prefix}queries`, `${prefix}favorites`]);

/** The storage that GraphiQL gets: it keeps operations and variables, and no headers, which may hold an access key. */
export const graphiqlStorage = {
  get length(): number {
    return namesOf().length;
  },
  getItem: (name: string): string | null => localStorage.getItem(name),
  setItem: (name: string, value: string): void =>
    localStorage.setItem(name, histories.has(name) ? withoutHeaders(value) : value),
  removeItem: (name: string): void => localStorage.removeItem(name),
  clear: (): void => namesOf().forEach((name) => localStorage.removeItem(name)),
};

function namesOf(): string[] {
  return Object.keys(localStorage).filter((name) => name.startsWith(prefix));
}

function withoutHeaders(json: string): string {
  return JSON.stringify(JSON.parse(json), (key, value: unknown) => (key === 'headers' ? undefined : value));
}
