/** The `age` program's path, fetched when it is not there; undefined where that does not work: `say` gets the reasons. */
export function ensureAge(say: (line: string) => void): Promise<string | undefined>;
