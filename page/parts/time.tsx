import { useNow } from '../api/hooks.ts';
import { away, localTime, utcBeside } from './times.ts';

/** In the viewer's zone, with UTC beside it where that differs. */
export function Time({ at }: { at: string }) {
  const utc = utcBeside(at);
  return (
    <time class="time" dateTime={at}>
      {localTime(at)}
      {utc !== '' && <small> {utc}</small>}
      {utc === '' && <small> UTC</small>}
    </time>
  );
}

/** `5 min ago`; the time itself on hover and for screen readers. */
export function Away({ at, every = 10_000 }: { at: string; every?: number }) {
  const now = useNow(every);
  return (
    <time dateTime={at} title={`${localTime(at)} (${at.slice(0, 16).replace('T', ' ')} UTC)`}>
      {away(at, now)}
    </time>
  );
}
