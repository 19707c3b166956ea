import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { parseFleetFile } from '../../../config/fleet-file.ts';
import { parseGatewayFile } from '../../../config/gateway-file.ts';
import { parseIncidentsFile } from '../../../config/incidents-file.ts';
import { readTemporalSettings } from '../../../config/temporal/settings.ts';
import { partsOf, textOf } from '../../markdown.ts';

// Configuration that people paste: each block that looks like one of our files must be one.

const pages = ['README.md', 'docs/incidents.md', 'docs/access.md', 'docs/fleet.md', 'deploy/gateway.yaml'];

function blocksOf(page: string): string[] {
  if (page.endsWith('.yaml')) return [textOf(page)];
  return partsOf(textOf(page)).blocks.flatMap(({ language, text }) => (language === 'yaml' ? text : []));
}

/** Those with that key, each with its page. */
const blocksWith = (key: string) =>
  pages.flatMap((page) =>
    blocksOf(page)
      .filter((block) => key in (parse(block) as object))
      .map((block) => ({ page, block })),
  );

test('each incidents.yaml of the docs is one', () => {
  const found = blocksWith('sources');
  expect(found.map(({ page }) => page)).toEqual(['README.md', 'docs/incidents.md', 'docs/incidents.md']);
  for (const { page, block } of found) expect(parseIncidentsFile(block, page, {}).rules.length).toBeGreaterThan(0);
});

test('each gateway.yaml of the docs is one', () => {
  const found = blocksWith('access');
  expect(found.map(({ page }) => page)).toEqual(['docs/access.md', 'deploy/gateway.yaml']);
  for (const { page, block } of found) expect(parseGatewayFile(block, page, {})).toHaveProperty('access');
});

test('each temporal.toml of the docs is one, and its profile connects as the page says', () => {
  const blocks = partsOf(textOf('docs/temporal.md')).blocks.filter(({ language }) => language === 'toml');
  expect(blocks).toHaveLength(1);
  const folder = mkdtempSync(join(tmpdir(), 'rkt-toml-'));
  const file = join(folder, 'temporal.toml');
  writeFileSync(file, blocks[0]?.text ?? '');
  const settings = readTemporalSettings({ TEMPORAL_CONFIG_FILE: file, TEMPORAL_PROFILE: 'production' });
  rmSync(folder, { recursive: true });
  expect(settings).toMatchObject({
    namespace: 'rekindle',
    access: { tls: { certificate: {}, key: {}, authority: {} } },
  });
});

test('each fleet file of the docs is one', () => {
  const found = blocksWith('fleet');
  expect(found.map(({ page }) => page)).toEqual(['docs/fleet.md']);
  for (const { page, block } of found) expect(parseFleetFile(block, page, {}).platforms.length).toBeGreaterThan(0);
});
