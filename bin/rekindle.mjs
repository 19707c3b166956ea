#!/usr/bin/env node
import { existsSync } from 'node:fs';

// The AWS SDK warns on each start that it will want a newer Node one day; that is the project's affair, not the operator's.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

const main = new URL('../dist/program/main.js', import.meta.url);
if (existsSync(main)) await import(main.href);
else {
  process.stderr.write('Rekindle is not built yet\n→ Run "npm run setup" in its folder\n');
  process.exitCode = 2;
}
