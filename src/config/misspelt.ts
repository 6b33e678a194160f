import { settings } from './settings';

/** Maximum distance, in letters, between a misspelt name and the setting. */
const maxDistance = 2;

/**
 * Finds environment variables that look like one of the settings: misspelt, cut, or with something before or
 * after. HOST and PORT are so short that only another case counts, such as Port: other programs use PORTS,
 * PATH or DB_HOST.
 */
export function findMisspeltSettings(env: NodeJS.ProcessEnv) {
  const names = Object.keys(settings);
  return Object.keys(env).flatMap((name) => {
    if (names.includes(name) || !env[name]?.trim()) return [];
    const normalized = name.toUpperCase().replace(/[-.]/g, '_');
    const distance = (setting: string): number => distanceBetween(normalized, setting);
    const candidates = names.filter((setting) => looksLike(normalized, setting));
    const [meant] = candidates.sort((a, b) => distance(a) - distance(b));
    return meant === undefined ? [] : [{ name, meant }];
  });
}

/** The warning for the operator. The value stays out: it may be a password. */
export function describeMisspelt({ name, meant }: { name: string; meant: string }): string {
  return `${name} is not a setting and is ignored. Did you mean ${meant}?`;
}

function looksLike(name: string, setting: string): boolean {
  if (name === setting) return true;
  if (!setting.includes('_')) return false;
  if (name.includes('_') && setting.startsWith(`${name}_`)) return true;
  if (name.startsWith(`${setting}_`) || name.endsWith(`_${setting}`)) return true;
  return distanceBetween(name.replaceAll('_', ''), setting.replaceAll('_', '')) <= maxDistance;
}

/** Levenshtein distance: insertions, deletions and replacements of one letter. */
function distanceBetween(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const replaced = previous[column - 1]! + (a[row - 1] === b[column - 1] ? 0 : 1);
      current.push(Math.min(replaced, previous[column]! + 1, current[column - 1]! + 1));
    }
    previous = current;
  }
  return previous[b.length]!;
}
