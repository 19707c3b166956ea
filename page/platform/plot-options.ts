import uPlot from 'uplot';
import { bytes } from '../../domain/units.ts';
import { lasting, localTime } from '../parts/times.ts';
import { crosses } from './plot-marks.ts';
import type { Series } from './series.ts';

export const plotHeight = 190;
const day = 86_400;
/** Steps of the axis of durations, in seconds. */
const steps = [1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 28_800, day, 2 * day, 5 * day];
/** uPlot's types name it in an enumeration that does not exist when it runs. */
// oxlint-disable-next-line typescript/no-unsafe-enum-assignment -- see above
const right: uPlot.Axis.Side = 1;
const font = '11px system-ui, sans-serif';

type Column = (number | null)[];

/** What uPlot draws; colours are those of the page where `box` stands, asked for at each drawing. */
export function plotOf(
  box: HTMLElement,
  { times, durations, added, failures, suspects }: Series,
  objective?: number,
): { options: uPlot.Options; columns: uPlot.AlignedData } {
  const colour = (name: string) => () => getComputedStyle(box).getPropertyValue(`--${name}`);
  const hasBytes = added.some((one) => one !== null);
  const axis = { stroke: colour('muted'), font, grid: { stroke: colour('rule'), width: 1 }, ticks: { show: false } };
  const line = (label: string, stroke: string, more: Partial<uPlot.Series> = {}): uPlot.Series => ({
    label,
    stroke: colour(stroke),
    width: 1.5,
    spanGaps: true,
    points: { show: false },
    value: words(lasting),
    ...more,
  });
  const bars = uPlot.paths.bars?.({ size: [0.5, 14], align: 0 });
  const drawn: [Column, uPlot.Series][] = [];
  if (hasBytes)
    drawn.push([
      added,
      line('Added', 'bar', { scale: 'bytes', fill: colour('bar'), value: words(bytes), ...(bars && { paths: bars }) }),
    ]);
  const points = { show: times.length < 60, size: 5, fill: colour('busy') };
  drawn.push([durations, line('Took', 'busy', { points })], [failures, line('Failed', 'bad', { paths: crosses })]);
  if (hasBytes) drawn.push([suspects, line('Suspect', 'warn', { paths: crosses })]);
  if (objective !== undefined) drawn.push([times.map(() => objective), line('RTO', 'muted', { dash: [6, 4] })]);
  return {
    columns: [times, ...drawn.map(([column]) => column)] as uPlot.AlignedData,
    options: {
      width: box.clientWidth,
      height: plotHeight,
      cursor: { points: { show: false }, y: false },
      // Half of a date beneath the last mark needs room at the right.
      padding: [10, 24, 0, 0],
      scales: {
        x: { range: withRoom },
        y: { range: fromZero(1.15) },
        ...(hasBytes && { bytes: { range: fromZero(1.8) } }),
      },
      axes: [
        { ...axis, grid: { show: false }, space: 64, values: dates },
        { ...axis, size: 62, incrs: steps, values: (_, ticks) => ticks.map(lasting) },
        ...(hasBytes
          ? [
              {
                ...axis,
                scale: 'bytes',
                side: right,
                size: 64,
                grid: { show: false },
                values: ticksInBytes,
              },
            ]
          : []),
      ],
      series: [
        { label: 'Ended', value: words((at) => localTime(new Date(at * 1000).toISOString())) },
        ...drawn.map(([, one]) => one),
      ],
    },
  };
}

const words = (inWords: (value: number) => string) => (_: uPlot, value: number | null) =>
  value === null ? '–' : inWords(value);

const ticksInBytes = (_: uPlot, ticks: number[]) => ticks.map(bytes);

const fromZero =
  (room: number) =>
  (_: uPlot, __: number | null, most: number | null): [number, number] => [0, (most || 1) * room];

/** So that marks at both ends are whole. Of a single mark uPlot would show the years that follow it. */
function withRoom({ data: [times] }: uPlot, first: number | null, last: number | null): [number, number] {
  const from = first ?? 0;
  const to = times.length > 1 ? (last ?? 0) : from;
  const room = Math.max(600, (to - from) * 0.02);
  return [from - room, to + room];
}

/** `28 Nov` at midnight and on axes of days, else `14:00`. */
function dates(_: uPlot, ticks: number[], __: number, ___: number, step: number): string[] {
  return ticks.map((at) => {
    const [date = '', month = '', time = ''] = localTime(new Date(at * 1000).toISOString()).split(' ');
    return step >= day || time === '00:00' ? `${date} ${month}` : time;
  });
}
