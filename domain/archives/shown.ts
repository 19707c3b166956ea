/** A name from a foreign file, so that it does no harm on a terminal. */
export function shown(name: string): string {
  const text = JSON.stringify(name);
  return text.length <= 120 ? text : `${text.slice(0, 120)}…`;
}
