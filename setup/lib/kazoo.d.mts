/** The path of a Python that has kazoo, made when it is not there. */
export function ensureKazoo(): Promise<string>;
