/** The `promtool` program's path, fetched when it is missing; undefined where that fails: `say` gets the reason. */
export function ensurePromtool(say: (line: string) => void): Promise<string | undefined>;
