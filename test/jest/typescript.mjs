/*
 * Lets this process import .ts files as they are. Node from 22.18 does it alone; an older one is given a hook that blanks the
 * types out, which keeps every line and column, so that stack traces need no source maps.
 */
import { register } from 'node:module';

if (!process.features.typescript) register('./strip-types.mjs', import.meta.url);
