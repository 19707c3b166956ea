import { fileURLToPath } from 'node:url';

/** A file of this folder that is not code: next to `dist/` when this runs compiled. */
export const benchFile = (name: string): string => fileURLToPath(new URL(`../../bench/${name}`, import.meta.url));

/** The command line as users start it. */
export const rekindleProgram = fileURLToPath(new URL('../../bin/rekindle.mjs', import.meta.url));
