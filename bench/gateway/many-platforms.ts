import { mkdirSync, writeFileSync } from 'node:fs';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { stringify } from 'yaml';
import { openCatalogue } from '../../systems/catalogue/open-catalogue.ts';
import { directoryStorage } from '../../systems/object-storage/directory.ts';
import { fillCatalogue, platform as filled } from '../catalogue.ts';

export interface ManyPlatforms {
  /** Of their files. */
  folder: string;
  names: string[];
}

/**
 * So many platform files, each with a catalogue of so many recovery points and outcomes. Ten million points would be sixty
 * million files: one catalogue is written, and each platform's is a link to it. The gateway does not know, and reads each.
 */
export async function writePlatforms(folder: string, count: number, points: number): Promise<ManyPlatforms> {
  const [files, catalogues] = [join(folder, 'platforms'), join(folder, 'catalogues')];
  await mkdir(files);
  await mkdir(catalogues);
  const storage = { ...directoryStorage(catalogues), put: withoutFlush(catalogues) };
  const times = await fillCatalogue(storage, { count: points, signal: new AbortController().signal });
  const catalogue = openCatalogue(storage, filled);
  for (const { id, startedAt } of times) {
    const run = `backup/${filled}/${startedAt}`;
    const outcome = { run, kind: 'backup', phase: 'passed', finishedAt: startedAt, durationSeconds: 12 } as const;
    await catalogue.recordOutcome({ ...outcome, recoveryPoint: id });
  }
  const names = Array.from({ length: count }, (_, index) => `platform-${String(index + 1).padStart(4, '0')}`);
  for (const name of names) {
    await symlink(filled, join(catalogues, name));
    await writeFile(join(files, `${name}.yaml`), stringify(platformFile(name, catalogues)));
  }
  return { folder: files, names };
}

/** Nothing that this writes must survive a crash. */
function withoutFlush(root: string) {
  const made = new Set<string>();
  return (key: string, bytes: Uint8Array): Promise<void> => {
    const file = join(root, key);
    const folder = dirname(file);
    if (!made.has(folder)) mkdirSync(folder, { recursive: true });
    made.add(folder);
    writeFileSync(file, bytes);
    return Promise.resolve();
  };
}

const platformFile = (name: string, catalogues: string) => ({
  platform: name,
  deployment: { kind: 'compose', project: name, data: ['elasticsearch'] },
  stores: [
    {
      name: 'documents',
      kind: 'elasticsearch',
      service: 'elasticsearch',
      repository: { name: 's3_backup', type: 's3' },
    },
  ],
  catalogue: { kind: 'directory', path: catalogues },
  objectives: { recoveryPointMinutes: 120, recoveryTimeMinutes: 30 },
  backup: { schedule: '30 * * * *' },
});
