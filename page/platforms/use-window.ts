import type { RefObject } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { listingFor, shownOf } from './window.ts';

/** Follows scrolling and the size of the window. */
export function useWindow(list: RefObject<HTMLElement | null>, count: number) {
  const [at, set] = useState({ top: 0, height: window.innerHeight, width: document.body.clientWidth });
  useEffect(() => {
    let asked = 0;
    const measure = () => {
      cancelAnimationFrame(asked);
      asked = requestAnimationFrame(() => {
        const box = list.current?.getBoundingClientRect();
        if (box) set({ top: Math.max(0, -box.top), height: window.innerHeight, width: box.width });
      });
    };
    measure();
    window.addEventListener('scroll', measure, { passive: true });
    window.addEventListener('resize', measure);
    return () => {
      cancelAnimationFrame(asked);
      window.removeEventListener('scroll', measure);
      window.removeEventListener('resize', measure);
    };
  }, []);
  const listing = listingFor(at.width);
  return { ...listing, ...shownOf({ ...listing, count }, at.top, at.height) };
}
