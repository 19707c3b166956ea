const byteUnits = ['kB', 'MB', 'GB', 'TB', 'PB'];

/** `1.4 GB`: powers of 1,000, as disks and networks count. */
export function bytes(count: number): string {
  if (count < 1000) return `${count} bytes`;
  let [amount, power] = [count / 1000, 0];
  // As it will be shown: 999,950 bytes are 1.0 MB, not 1000.0 kB.
  while (Number(amount.toFixed(1)) >= 1000 && power < byteUnits.length - 1)
    [amount, power] = [amount / 1000, power + 1];
  return `${amount.toFixed(1)} ${byteUnits[power] ?? ''}`;
}

/** `12.3 s`, `5 min 7 s`, `2 h 5 min`: rounded first and split then, so that no part is ever 60. */
export function seconds(count: number): string {
  if (Number(count.toFixed(1)) < 60) return `${count.toFixed(1)} s`;
  const whole = Math.round(count);
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  const minutes = Math.round(count / 60);
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** How long ago, in the largest unit that fits: `3 d`, `2 h`, `5 min`, `12 s`. */
export function age(from: string, now: number): string {
  const passed = Math.max(0, (now - Date.parse(from)) / 1000);
  if (passed < 60) return `${Math.floor(passed)} s`;
  if (passed < 3600) return `${Math.floor(passed / 60)} min`;
  return passed < 172_800 ? `${Math.floor(passed / 3600)} h` : `${Math.floor(passed / 86_400)} d`;
}

export function elapsed(from: string | undefined, to: string | undefined, now: number): string {
  if (from === undefined) return '';
  return seconds(((to === undefined ? now : Date.parse(to)) - Date.parse(from)) / 1000);
}
