#!/usr/bin/env node
import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { check } from './check.mjs';
import { readFlags, usage } from './flags.mjs';
import { Failure } from './lib/failure.mjs';
import { runSetup } from './run-setup.mjs';

export { runSetup };

/** `node setup/main.mjs`: everything the demo and the tests need, from a bare clone. See setup/README.md. */
async function main(args) {
  try {
    const flags = readFlags(args);
    if (flags.help) return void console.log(usage);
    if (flags.check) process.exitCode = (await check(flags)) ? 0 : 1;
    else await runSetup(flags);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    console.error(`✘ ${error.message}\n  ${error.remedy}`);
    process.exitCode = error.exitCode;
  }
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  await main(process.argv.slice(2));
}
