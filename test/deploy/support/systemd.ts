/** The values of an option of a unit, in order. */
export function linesOf(unit: string, name: string): readonly string[] {
  return [...unit.matchAll(new RegExp(`^${name}=(.*)$`, 'gm'))].map(([, value]) => value!);
}

/** The value of an option that a unit has once. */
export function valueOf(unit: string, name: string): string {
  const [value, ...others] = linesOf(unit, name);
  if (value === undefined || others.length > 0) throw new Error(`the unit must have one ${name}`);
  return value;
}

/** What a unit sets with Environment, one variable a line. */
export function environmentOf(unit: string): Record<string, string> {
  const pairs = linesOf(unit, 'Environment').map((line) => /^(\w+)=(.*)$/.exec(line)!.slice(1));
  return Object.fromEntries(pairs) as Record<string, string>;
}
