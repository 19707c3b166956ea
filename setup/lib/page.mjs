import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { projectFolder } from './cache.mjs';

/**
 * Bundles the page into a folder: `index.html`, a script and a style with their content's hash in their names, and each of
 * them compressed beside it, so that the gateway has nothing left to do. Returns the sizes in bytes, compressed.
 */
export async function buildPage(target) {
  const { build } = await import('esbuild');
  const { outputFiles } = await build({
    absWorkingDir: projectFolder,
    entryPoints: { main: 'page/main.tsx', style: 'page/style/main.css' },
    outdir: target,
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    target: ['es2022'],
    jsx: 'automatic',
    jsxImportSource: 'preact',
    tsconfigRaw: {},
    legalComments: 'none',
    logLevel: 'silent',
  });
  const files = new Map(outputFiles.map(({ path, contents }) => [hashedName(path, contents), Buffer.from(contents)]));
  const named = (extension) => `/page/${[...files.keys()].find((name) => name.endsWith(extension))}`;
  const index = readFileSync(join(projectFolder, 'page/index.html'), 'utf8')
    .replace('{{style}}', named('.css'))
    .replace('{{script}}', named('.js'));
  files.set('index.html', Buffer.from(index));
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  const sizes = {};
  for (const [name, content] of files) {
    const brotli = brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } });
    writeFileSync(join(target, name), content);
    writeFileSync(join(target, `${name}.br`), brotli);
    writeFileSync(join(target, `${name}.gz`), gzipSync(content, { level: 9 }));
    sizes[name] = brotli.length;
  }
  return sizes;
}

function hashedName(path, content) {
  const hash = createHash('sha256').update(content).digest('hex').slice(0, 12);
  const extension = extname(path);
  return `${basename(path, extension)}-${hash}${extension}`;
}
