import { build } from 'esbuild';
import { fileURLToPath } from 'node:url';

test('a browser can load it: the page draws with the same code', async () => {
  const entry = (file: string) => fileURLToPath(new URL(`../../../drawing/${file}`, import.meta.url));
  const { outputFiles } = await build({
    entryPoints: ['layout.ts', 'graph.ts', 'svg.ts', 'dot.ts', 'mermaid.ts'].map(entry),
    bundle: true,
    platform: 'browser',
    format: 'esm',
    outdir: 'unused',
    write: false,
    logLevel: 'silent',
  });
  expect(outputFiles).toHaveLength(5);
  for (const { text } of outputFiles) expect(text).not.toMatch(/\b(?:require|process|Buffer)\b[.(]/);
});
