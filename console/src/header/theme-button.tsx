import { Button } from '../design/button';
import { setPreferences, usePreferences, type Theme } from '../state/preferences';

const next: Record<Theme, Theme> = { system: 'light', light: 'dark', dark: 'system' };
const names: Record<Theme, string> = { system: 'as the system', light: 'light', dark: 'dark' };

/** Goes through the themes: that of the system, light, dark. */
export function ThemeButton() {
  const { theme } = usePreferences();
  return (
    <Button
      kind="quiet icon"
      aria-label={`Colours: ${names[theme]}. Change to ${names[next[theme]]}.`}
      onPress={() => setPreferences({ theme: next[theme] })}
    >
      <svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true" fill="currentColor">
        {theme === 'system' && <path d="M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1m0 1.5v11a5.5 5.5 0 0 1 0-11" />}
        {theme === 'light' && (
          <path d="M8 4.5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7M7.25 0h1.5v2.5h-1.5zm0 13.5h1.5V16h-1.5zM0 7.25h2.5v1.5H0zm13.5 0H16v1.5h-2.5zM1.8 2.87l1.07-1.06 1.76 1.76-1.06 1.06zm9.57 9.56 1.06-1.06 1.77 1.76-1.07 1.07zM1.8 13.13l1.77-1.76 1.06 1.06-1.76 1.77zm9.57-9.56 1.76-1.77 1.07 1.07-1.77 1.76z" />
        )}
        {theme === 'dark' && <path d="M6.2 1.3A7 7 0 1 0 14.7 9.8 5.6 5.6 0 0 1 6.2 1.3" />}
      </svg>
    </Button>
  );
}
