import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import { plotHeight, plotOf } from './plot-options.ts';
import type { Series } from './series.ts';

interface Options {
  series: Series;
  /** What the picture shows, in a sentence; a table beside it has the figures. */
  label: string;
  /** Drawn as a line, in seconds. */
  objective?: number | undefined;
}

/** Durations as a line, added bytes as bars, failures and suspect points as crosses. */
export function Plot({ series, label, objective }: Options) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const box = place.current;
    if (box === null) return undefined;
    const { options, columns } = plotOf(box, series, objective);
    const plot = new uPlot(options, columns, box);
    const observer = new ResizeObserver(() => plot.setSize({ width: box.clientWidth, height: plotHeight }));
    observer.observe(box);
    // Another theme has other colours, which a canvas does not follow by itself.
    const redraw = () => plot.redraw();
    const dark = matchMedia('(prefers-color-scheme: dark)');
    const themes = new MutationObserver(redraw);
    dark.addEventListener('change', redraw);
    themes.observe(document.documentElement, { attributes: true });
    return () => {
      observer.disconnect();
      themes.disconnect();
      dark.removeEventListener('change', redraw);
      plot.destroy();
    };
  }, [series, objective]);
  return <div class="plot" ref={place} role="img" aria-label={label} />;
}
