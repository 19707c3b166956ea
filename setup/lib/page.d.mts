/** Sizes in bytes, compressed, by file. */
export function buildPage(target: string): Promise<Record<string, number>>;
