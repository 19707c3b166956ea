import { failed, passed, warned, type Check } from './checks.ts';
import { listed } from './listed.ts';
import { seconds } from './units.ts';

/** This machine's clock next to another one. */
export interface ClockReading {
  /** As in a sentence: `the S3 server of the catalogue`. */
  whose: string;
  /** By how much this machine's clock is ahead of it, in seconds; negative: behind. */
  aheadSeconds: number;
  /** It refuses requests that are signed at another time. */
  checksSignatures?: true;
}

/** Clocks that are kept by NTP differ by milliseconds; a Date header has whole seconds, and answers take time. */
const allowedSeconds = 60;
/** From here on S3 refuses signatures (RequestTimeTooSkewed). */
const signedSeconds = 900;

/**
 * Whether the clock of `host` agrees with the others; undefined when there is nothing to compare it with. Only signatures
 * that would be refused fail the check: with a wrong clock a restore still restores, but its times are wrong.
 */
export function checkClocks(host: string, readings: readonly ClockReading[]): Check | undefined {
  const off = readings.filter(({ aheadSeconds }) => Math.abs(aheadSeconds) > allowedSeconds);
  if (readings.length === 0) return undefined;
  if (off.length === 0)
    return passed('clock', `The clock of ${host} agrees with those of ${listed(readings.map(({ whose }) => whose))}`);
  const differences = off.map(
    ({ whose, aheadSeconds }) =>
      `${seconds(Math.abs(aheadSeconds))} ${aheadSeconds > 0 ? 'ahead of' : 'behind'} that of ${whose}`,
  );
  const evidence = `The clock of ${host} is ${differences.join(' and ')}`;
  const refused = off.some((reading) => reading.checksSignatures && Math.abs(reading.aheadSeconds) > signedSeconds);
  return refused
    ? failed('clock', `${evidence}: S3 refuses requests that are signed more than 15 minutes off`, remedyFor(host))
    : warned('clock', `${evidence}: ages and times of recovery points are as wrong`, remedyFor(host));
}

const remedyFor = (host: string) =>
  `Find out with "date -u" which clock is wrong, and synchronise it; on ${host}: "timedatectl set-ntp true", or restart chronyd`;
