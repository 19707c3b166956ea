// How times and run ids are written inside the keys of the catalogue.

/** `2026-11-21T09:30:12.345Z` → `20261121T093012.345Z`. */
export function compactTime(time: string): string {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/.test(time))
    throw new RangeError(`Not an ISO 8601 time: ${time}`);
  return time.replaceAll(/[-:]/g, '');
}

/** The reverse; undefined: not such a time. */
export function isoTime(compact: string): string | undefined {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d(?:\.\d{1,9})?)Z$/.exec(compact);
  if (!match) return undefined;
  const [, year, month, day, hours, minutes, seconds] = match;
  const time = `${year}-${month}-${day}T${hours}:${minutes}:${seconds}Z`;
  // A thirteenth month means a damaged or foreign key, which has no age.
  return Number.isNaN(Date.parse(time)) ? undefined : time;
}

/** A run's id as one part of a key, reversible: `/` becomes `!`, unusual characters become their code point in brackets. */
export function slugOf(run: string): string {
  return run.replaceAll(/[^A-Za-z0-9._-]/gu, (character) =>
    character === '/' ? '!' : `(${(character.codePointAt(0) ?? 0).toString(16)})`,
  );
}

/** The reverse; undefined: not one of our slugs. */
export function runOf(slug: string): string | undefined {
  const run = slug.replaceAll('!', '/').replaceAll(/\(([0-9a-f]{1,6})\)/g, (whole, code: string) => {
    const point = Number.parseInt(code, 16);
    return point <= 0x10ffff ? String.fromCodePoint(point) : whole;
  });
  return slugOf(run) === slug ? run : undefined;
}
