import { useLayoutEffect, useState } from 'preact/hooks';

type Theme = 'auto' | 'light' | 'dark';
const key = 'rekindle.theme';
const next: Record<Theme, Theme> = { auto: 'dark', dark: 'light', light: 'auto' };

function remembered(): Theme {
  const theme = localStorage.getItem(key);
  return theme === 'light' || theme === 'dark' ? theme : 'auto';
}

/** Follows the device unless somebody chose otherwise. */
export function ThemeSwitch() {
  const [theme, setTheme] = useState(remembered);
  // Before anything is painted: nobody is dazzled in the dark.
  useLayoutEffect(() => {
    if (theme === 'auto') delete document.documentElement.dataset['theme'];
    else document.documentElement.dataset['theme'] = theme;
    localStorage.setItem(key, theme);
  }, [theme]);
  return (
    <button type="button" class="plain" onClick={() => setTheme(next[theme])} aria-label={`Colours: ${theme}`}>
      {{ auto: '◐', dark: '●', light: '○' }[theme]}
    </button>
  );
}
