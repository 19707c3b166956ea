/** Brings curl, jq and age where they are missing; answers the folder of `age`. Throws a failure with a remedy. */
export function ensureHandTools(): Promise<string>;
