import type { Timing } from '../platform.ts';
import { calendarText, rangesOf, type Calendar, type Interval, type Recurrence } from './recurrence.ts';

const months = 'January February March April May June July August September October November December'.split(' ');
const weekdays = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ');

/** A timing in words: `every day at 02:30, Europe/Zurich, up to 60 s later`. */
export function timingWords({ calendars, intervals }: Recurrence, timing: Pick<Timing, 'timeZone' | 'jitterSeconds'>) {
  const { timeZone, jitterSeconds } = timing;
  const parts = [...calendars.map(calendarWords), ...intervals.map(intervalWords)];
  return [
    parts.join(', and '),
    ...(calendars.length > 0 ? [timeZone] : []),
    ...(jitterSeconds > 0 ? [`up to ${durationWords(jitterSeconds)} later`] : []),
  ].join(', ');
}

const intervalWords = ({ everySeconds }: Interval) => `every ${durationWords(everySeconds)}`;

/** `90 s`, `15 min`, `2 h`, `7 d`: the largest unit that divides it. */
export function durationWords(seconds: number): string {
  for (const [unit, size] of [
    ['d', 86_400],
    ['h', 3600],
    ['min', 60],
  ] as const)
    if (seconds % size === 0 && seconds > 0) return `${seconds / size} ${unit}`;
  return `${seconds} s`;
}

function calendarWords(calendar: Calendar): string {
  const { minutes, hours, daysOfMonth, daysOfWeek } = calendar;
  const days = [
    ...(daysOfWeek.length === 7 ? [] : [`on ${numbersWords(daysOfWeek, (day) => weekdays[day] ?? '')}`]),
    ...(daysOfMonth.length === 31 ? [] : [`on day ${numbersWords(daysOfMonth, String)} of the month`]),
    ...(calendar.months.length === 12
      ? []
      : [`in ${numbersWords(calendar.months, (month) => months[month - 1] ?? '')}`]),
  ].join(' ');
  const [second = 0, ...otherSeconds] = calendar.seconds;
  // Too much to list.
  if (otherSeconds.length > 0 || (minutes.length > 12 && minutes.length < 60))
    return `when the clock matches "${calendarText(calendar)}"`;
  const past = minutes.map((minute) => `:${clockText(minute, second)}`).join(', ');
  const minutely = minutes.length === 60 ? 'every minute' : `at ${past}`;
  if (hours.length === 24) return words(minutes.length === 60 ? '' : 'every hour', minutely, days);
  if (hours.length * minutes.length > 12) return words(minutely, `of the hours ${numbersWords(hours, String)}`, days);
  const times = hours.flatMap((hour) => minutes.map((minute) => `${two(hour)}:${clockText(minute, second)}`));
  return words(days === '' ? 'every day' : days, 'at', times.join(', '));
}

const words = (...parts: string[]) => parts.filter((part) => part !== '').join(' ');
const clockText = (minute: number, second: number) => (second === 0 ? two(minute) : `${two(minute)}:${two(second)}`);

function numbersWords(numbers: readonly number[], word: (number: number) => string): string {
  return rangesOf(numbers)
    .flatMap(({ start, end, step }) => {
      if (step === 1 && end > start + 1) return [`${word(start)} to ${word(end)}`];
      return numbers.filter((number) => number >= start && number <= end && (number - start) % step === 0).map(word);
    })
    .join(', ');
}

const two = (number: number) => String(number).padStart(2, '0');
