/** Wall-clock times at which something starts: all fields must match. Sorted, without duplicates, never empty. */
export interface Calendar {
  seconds: number[];
  minutes: number[];
  hours: number[];
  daysOfMonth: number[];
  months: number[];
  /** 0 is Sunday. */
  daysOfWeek: number[];
}

/** Every `everySeconds` since 1970, plus the offset, whatever the time zone. */
export interface Interval {
  everySeconds: number;
  offsetSeconds: number;
}

/** The timing in Temporal's terms: it starts when any of them matches. */
export interface Recurrence {
  calendars: Calendar[];
  intervals: Interval[];
}

export interface Range {
  start: number;
  end: number;
  step: number;
}

/** Numbers as the fewest ranges: `0,15,30,45` is one with a step; `1,2,3,7` is two. */
export function rangesOf(numbers: readonly number[]): Range[] {
  const [first = 0, second = first] = numbers;
  const last = numbers.at(-1) ?? first;
  const step = Math.max(1, second - first);
  if (numbers.length > 2 && numbers.every((number, index) => number === first + index * step))
    return [{ start: first, end: last, step }];
  const ranges: Range[] = [];
  for (const number of numbers) {
    const open = ranges.at(-1);
    if (open?.end === number - 1) open.end = number;
    else ranges.push({ start: number, end: number, step: 1 });
  }
  return ranges;
}

/** The reverse; sorted, each once. */
export function numbersIn(ranges: readonly Range[]): number[] {
  const numbers = ranges.flatMap(({ start, end, step }) =>
    Array.from({ length: Math.floor((end - start) / step) + 1 }, (_, index) => start + index * step),
  );
  return [...new Set(numbers)].toSorted((a, b) => a - b);
}

/** As cron has it, six fields with seconds first: the same text for the same calendar, however it was written. */
export function calendarText(calendar: Calendar): string {
  return [
    fieldText(calendar.seconds, 0, 59),
    fieldText(calendar.minutes, 0, 59),
    fieldText(calendar.hours, 0, 23),
    fieldText(calendar.daysOfMonth, 1, 31),
    fieldText(calendar.months, 1, 12),
    fieldText(calendar.daysOfWeek, 0, 6),
  ].join(' ');
}

function fieldText(numbers: readonly number[], least: number, most: number): string {
  return rangesOf(numbers)
    .map(({ start, end, step }) => {
      if (start === end) return String(start);
      const whole = start === least && end + step > most ? '*' : `${start}-${end}`;
      return step === 1 ? whole : `${whole}/${step}`;
    })
    .join(',');
}

export function recurrenceText({ calendars, intervals }: Recurrence): string {
  const every = intervals.map(({ everySeconds, offsetSeconds }) =>
    offsetSeconds === 0 ? `every ${everySeconds} s` : `every ${everySeconds} s, ${offsetSeconds} s after`,
  );
  return [...calendars.map(calendarText), ...every].toSorted().join('; ');
}
