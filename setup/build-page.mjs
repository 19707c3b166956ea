#!/usr/bin/env node
/* Bundles the page into dist/page: `node setup/build-page.mjs`, for builds without set-up. */
import { join } from 'node:path';
import { projectFolder } from './lib/cache.mjs';
import { buildPage } from './lib/page.mjs';

await buildPage(join(projectFolder, 'dist/page'));
