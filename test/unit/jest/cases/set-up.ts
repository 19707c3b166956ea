import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SetUp } from '../../../provided.ts';

export default async function setUp(): Promise<SetUp> {
  const folder = process.env['CASES_FOLDER'] ?? (await mkdtemp(join(tmpdir(), 'cases-')));
  await writeFile(join(folder, 'of-the-set-up'), '');
  return { provided: { workflowBundle: folder }, tearDown: () => rm(join(folder, 'of-the-set-up')) };
}
