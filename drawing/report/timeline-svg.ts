import type { Timeline, TimelineBar } from '../../domain/reports/timeline.ts';
import { seconds } from '../../domain/units.ts';
import { escapeXml } from '../escape-xml.ts';
import { shorten } from '../text.ts';

const width = 960;
const titles = 330;
const right = 70;
const rowHeight = 22;
const head = 30;
const font = 12;
/** A step of some milliseconds is seen all the same. */
const narrowest = 2;

/** A picture of what was done when: one line for each step and each wait, on one axis. Colours come from the page's classes. */
export function timelineSvg({ bars, totalSeconds, noReturnSeconds }: Timeline): string {
  const scale = (width - titles - right) / Math.max(totalSeconds, 0.001);
  const x = (at: number) => round(titles + at * scale);
  const bottom = head + bars.length * rowHeight + 8;
  const height = noReturnSeconds === undefined ? bottom : bottom + 16;
  const axis = ticks(totalSeconds).map(
    (at) =>
      `<line class="tick" x1="${x(at)}" x2="${x(at)}" y1="${head - 6}" y2="${bottom}"/><text class="axis" x="${x(at)}" y="${head - 12}">${seconds(at)}</text>`,
  );
  const line =
    noReturnSeconds === undefined
      ? []
      : [
          `<line class="no-return" x1="${x(noReturnSeconds)}" x2="${x(noReturnSeconds)}" y1="${head - 6}" y2="${bottom}"/><text class="axis" x="${x(noReturnSeconds)}" y="${bottom + 13}">point of no return</text>`,
        ];
  return [
    `<svg class="timeline" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="Timeline: ${bars.length} steps and waits in ${seconds(totalSeconds)}">`,
    ...axis,
    ...bars.map((bar, index) => drawn(bar, head + index * rowHeight, x)),
    ...line,
    '</svg>',
  ].join('\n');
}

function drawn({ title, fromSeconds, toSeconds, state }: TimelineBar, y: number, x: (at: number) => number): string {
  const [from, to] = [x(fromSeconds), x(toSeconds)];
  const took = seconds(toSeconds - fromSeconds);
  const end = Math.max(to, from + narrowest);
  return [
    `<g class="${state}"><title>${escapeXml(`${title}: ${took}, from ${seconds(fromSeconds)}`)}</title>`,
    `<text x="0" y="${y + 15}">${escapeXml(shorten(title, titles - 14, font))}</text>`,
    `<rect class="bar" x="${from}" y="${y + 4}" width="${round(end - from)}" height="${rowHeight - 8}" rx="2"/>`,
    `<text class="took" x="${round(end + 5)}" y="${y + 15}">${took}</text></g>`,
  ].join('');
}

/** At most six, at whole steps of 1, 2 or 5 times a power of ten. */
function ticks(total: number): number[] {
  const raw = Math.max(total, 0.001) / 5;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((one) => one >= raw) ?? raw;
  return Array.from({ length: Math.floor(total / step) + 1 }, (_, index) => index * step);
}

const round = (value: number) => Math.round(value * 10) / 10;
