/** The `promtool` program's path, fetched when it is not there; undefined where that does not work: `say` hears why. */
export function ensurePromtool(say: (line: string) => void): Promise<string | undefined>;
