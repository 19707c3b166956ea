/** Path of a Chromium; undefined, with the reason passed to `say`, where there is none. */
export function ensureChromium(say: (text: string) => void): Promise<string | undefined>;
