import { usePreferences } from '../state/preferences';
import { useMedia } from './media';

const dark = matchMedia('(prefers-color-scheme: dark)');

/** The value of a CSS variable now, such as `--type-0` or `var(--type-0)`, for what cannot read CSS: a canvas. */
export function resolveColour(variable: string): string {
  const name = /--[\w-]+/.exec(variable)?.[0] ?? variable;
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/** Changes with the theme, for effects that use `resolveColour`. */
export function useThemeName(): 'light' | 'dark' {
  const { theme } = usePreferences();
  const isDark = useMedia(dark);
  if (theme !== 'system') return theme;
  return isDark ? 'dark' : 'light';
}
