import { age, seconds } from '../../domain/units.ts';

/** `28 Nov 15:04` where the viewer is. `zone`: IANA name; absent: the device's. */
export function localTime(iso: string, zone?: string): string {
  return new Intl.DateTimeFormat('en-GB', {
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hour12: false,
    ...(zone !== undefined && { timeZone: zone }),
  })
    .format(new Date(iso))
    .replace(',', '');
}

/** `14:04 UTC`, to stand beside it; with the day where the local one differs; empty where both clocks show the same. */
export function utcBeside(iso: string, zone?: string): string {
  const local = localTime(iso, zone);
  const utc = localTime(iso, 'UTC');
  if (local === utc) return '';
  const day = (text: string) => text.replace(/ \S+$/, '');
  return `${day(local) === day(utc) ? iso.slice(11, 16) : utc} UTC`;
}

/** `5 min ago`, `in 2 h`. `now` in milliseconds. */
export function away(iso: string, now: number): string {
  const at = Date.parse(iso);
  if (at > now) return `in ${age(new Date(now).toISOString(), at)}`;
  return now - at < 5000 ? 'just now' : `${age(iso, now)} ago`;
}

/** `4 min 10 s`, `30 min`, `1 h`: whole seconds are enough to look at, and what is nothing is left out. */
export function lasting(count: number): string {
  const text = seconds(count < 10 ? count : Math.round(count));
  return text.replace('.0 s', ' s').replace(/(?<= (?:h|min)) 0 (?:min|s)$/, '');
}
