import { readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { projectFolder } from './cache.mjs';

const compiled = join(projectFolder, 'dist');
const target = join(compiled, 'program');

/**
 * Packages of hundreds of files that Rekindle's own code alone imports. All others stay packages: there must be one copy of Temporal's and
 * OpenTelemetry's for all who import them, and the rest is small, or loads files of its own by path.
 */
const inlined = new Set([
  '@aws-sdk/client-s3',
  '@aws-sdk/credential-providers',
  '@elastic/elasticsearch',
  'age-encryption',
  'yaml',
  'zod',
]);

/**
 * Puts what was compiled, and those packages, into few files in `dist/program`: of the two seconds that a command takes to begin, Node spends
 * half on finding and reading 1,600 files. Failures: those of esbuild, with file and line.
 */
export async function bundleProgram() {
  const { build } = await import('esbuild');
  rmSync(target, { recursive: true, force: true });
  await build({
    absWorkingDir: projectFolder,
    entryPoints: ['dist/cli/main.js'],
    outdir: target,
    bundle: true,
    // What a command does not import is in a file that it does not read.
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    // Packages in CommonJS ask for Node's own modules by `require`.
    banner: {
      js: "import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url);",
    },
    plugins: [packages, places],
    legalComments: 'none',
    logLevel: 'silent',
  });
}

const packages = {
  name: 'packages',
  setup(build) {
    const { dependencies } = JSON.parse(readFileSync(join(projectFolder, 'package.json'), 'utf8'));
    build.onResolve({ filter: /^[^./]/ }, ({ path, importer, kind }) => {
      if (kind === 'entry-point') return undefined;
      const name = /^(@[^/]+\/)?[^/]+/.exec(path)[0];
      const inside = importer.includes('/node_modules/')
        ? !(name in dependencies) || inlined.has(name)
        : inlined.has(name);
      return inside ? undefined : { path, external: true };
    });
  },
};

/** A file that finds another by its own place goes on to find it. */
const places = {
  name: 'places',
  setup(build) {
    build.onLoad({ filter: /\/dist\/.*\.js$/ }, ({ path }) => {
      if (path.includes('/node_modules/')) return undefined;
      const contents = readFileSync(path, 'utf8');
      if (!contents.includes('import.meta.url')) return undefined;
      const place = relative(target, path);
      return {
        contents: contents.replaceAll('import.meta.url', `new URL(${JSON.stringify(place)}, import.meta.url).href`),
      };
    });
  },
};
