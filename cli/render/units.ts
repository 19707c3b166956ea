/** `1.4 GB`: powers of 1,000, as disks and networks count. */
export function bytes(count: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB', 'PB'];
  const power = count < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(count) / 3));
  return power === 0 ? `${count} bytes` : `${(count / 1000 ** power).toFixed(1)} ${units[power] ?? ''}`;
}

export function seconds(count: number): string {
  if (count < 60) return `${count.toFixed(1)} s`;
  if (count < 3600) return `${Math.floor(count / 60)} min ${Math.round(count % 60)} s`;
  return `${Math.floor(count / 3600)} h ${Math.round((count % 3600) / 60)} min`;
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
