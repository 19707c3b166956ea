import { useEffect, useState } from 'preact/hooks';

let tell: ((text: string) => void) | undefined;

/** Says it to screen readers, and shows it for a while. */
export const announce = (text: string): void => tell?.(text);

const shownFor = 8000;

/** Stands on the page once. */
export function Announcements() {
  const [text, show] = useState('');
  useEffect(() => {
    tell = show;
    if (text === '') return undefined;
    const timer = setTimeout(() => show(''), shownFor);
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <div class={text === '' ? 'announcement empty' : 'announcement'} role="status" aria-live="polite">
      {text}
    </div>
  );
}
