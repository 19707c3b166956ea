import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import { bytes } from '../../domain/units.ts';
import { lasting } from '../parts/times.ts';
import type { Series } from './series.ts';
import { crosses } from './plot-marks.ts';

interface Options {
  series: Series;
  /** What the picture shows, in a sentence; a table beside it has the figures. */
  label: string;
  /** Drawn as a line, in seconds. */
  objective?: number | undefined;
}

const height = 190;

/** Durations as a line, added bytes as bars, failures and suspect points as crosses. */
export function Plot({ series, label, objective }: Options) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const box = place.current;
    if (box === null) return undefined;
    const plot = new uPlot(optionsOf(box, series, objective), columnsOf(series, objective), box);
    const observer = new ResizeObserver(() => plot.setSize({ width: box.clientWidth, height }));
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

function columnsOf({ times, durations, added, failures, suspects }: Series, objective?: number): uPlot.AlignedData {
  const columns = [times, added, durations, failures, suspects];
  return (objective === undefined ? columns : [...columns, times.map(() => objective)]) as uPlot.AlignedData;
}

function optionsOf(box: HTMLElement, series: Series, objective?: number): uPlot.Options {
  const colour = (name: string) => () => getComputedStyle(box).getPropertyValue(`--${name}`);
  const axis = { stroke: colour('muted'), grid: { stroke: colour('rule'), width: 1 }, ticks: { show: false } };
  const font = '11px system-ui, sans-serif';
  const hasBytes = series.added.some((one) => one !== null);
  const bars = uPlot.paths.bars?.({ size: [0.5, 14], align: 0 });
  return {
    width: box.clientWidth,
    height,
    cursor: { points: { show: false }, y: false },
    legend: { live: true },
    padding: [10, hasBytes ? 0 : 10, 0, 0],
    scales: { x: { time: true }, bytes: { range: (_, __, max) => [0, (max || 1) * 1.6] }, y: { range: fromZero } },
    axes: [
      { ...axis, font, grid: { show: false } },
      { ...axis, font, size: 58, values: (_, ticks) => ticks.map(lasting) },
      {
        ...axis,
        font,
        scale: 'bytes',
        side: 1,
        size: 62,
        show: hasBytes,
        grid: { show: false },
        values: (_, ticks) => ticks.map(bytes),
      },
    ],
    series: [
      {
        label: 'Ended',
        value: (_, at: number | null) => (at === null ? '' : new Date(at * 1000).toLocaleString('en-GB')),
      },
      {
        label: 'Added',
        scale: 'bytes',
        show: hasBytes,
        fill: colour('bar'),
        points: { show: false },
        ...(bars && { paths: bars }),
        value: (_, one: number | null) => (one === null ? '–' : bytes(one)),
      },
      { ...line('Took', colour('busy')), points: { show: series.times.length < 60, size: 5, fill: colour('busy') } },
      { ...line('Failed', colour('bad')), paths: crosses, points: { show: false } },
      { ...line('Suspect', colour('warn')), paths: crosses, points: { show: false } },
      ...(objective === undefined ? [] : [{ ...line('RTO', colour('muted')), dash: [6, 4], points: { show: false } }]),
    ],
  };
}

function line(label: string, stroke: () => string): uPlot.Series {
  return {
    label,
    stroke,
    width: 1.5,
    spanGaps: true,
    value: (_, one: number | null) => (one === null ? '–' : lasting(one)),
  };
}

const fromZero = (_: uPlot, __: number | null, max: number | null): [number, number] => [0, (max || 1) * 1.15];
