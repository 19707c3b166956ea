#!/usr/bin/env node
/* Puts what `tsc` compiled into few files in dist/program: `node setup/build-program.mjs`, for builds without set-up. */
import { bundleProgram } from './lib/program.mjs';

await bundleProgram();
