/** The path of a Python that has kazoo, created when it is missing. */
export function ensureKazoo(): Promise<string>;
