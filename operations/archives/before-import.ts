import { Failure } from '../../domain/failures.ts';
import { repositoryEntry } from '../../domain/archives/archive.ts';
import { bytes } from '../../domain/units.ts';
import { sha256 } from '../../systems/catalogue/digest.ts';
import { openCatalogue } from '../../systems/catalogue/open-catalogue.ts';
import type { ImportTarget } from './import-target.ts';
import type { WholeArchive } from './whole-archive.ts';

/**
 * That nothing is in the way of an import, before it writes anything: no other point of this id, no other repository in its
 * place, no other platform file, and room. Failures: ArchiveRefused, DiskFull.
 */
export async function assertFree(whole: WholeArchive, target: ImportTarget): Promise<void> {
  const { header, content } = whole;
  await assertPointFree(whole, target);
  for (const store of header.artefacts === 'data' ? header.stores : []) {
    const { storage, where } = target.repository(store);
    for await (const { key } of storage.list('index-')) {
      const present = await storage.get(key);
      const own = content.entries.get(repositoryEntry(store.store, key));
      if (present && sha256(present) !== own?.sha256)
        throw inTheWay(`${where} holds another snapshot repository`, 'Name an empty place with --to');
    }
  }
  const fault = await target.platformFileFault(whole.platformText);
  if (fault !== undefined) throw inTheWay(fault, 'Move that file away, or point REKINDLE_PLATFORMS at another folder');
  const free = await target.freeBytes();
  if (free !== undefined && free < content.bytes)
    throw new Failure('DiskFull', {
      message: `The archive holds ${bytes(content.bytes)}, and ${bytes(free)} are free where it is to go`,
      remedy: 'Free space there, or name another place with --to',
    });
}

/** The same point, from an import that was interrupted, is no fault. */
async function assertPointFree({ header, manifest }: WholeArchive, target: ImportTarget): Promise<void> {
  const catalogue = openCatalogue(target.catalogue, header.platform);
  const { points } = await catalogue.listPoints([header.point]);
  if (points.length === 0) return;
  const present = await catalogue.readManifest(header.point);
  if (JSON.stringify(present) !== JSON.stringify(manifest))
    throw inTheWay(
      `${target.catalogue.description} holds another recovery point ${header.point} of ${header.platform}`,
      'Name another place with --to',
    );
}

function inTheWay(what: string, remedy: string): Failure {
  return new Failure('ArchiveRefused', { message: `Nothing was imported: ${what}`, remedy });
}

/** The file was changed between the two readings. */
export function changedMeanwhile(name: string): Failure {
  return new Failure('ArchiveRefused', {
    message: `The archive was changed while it was imported: ${JSON.stringify(name)} is not what was verified`,
    remedy: 'Nothing uses what was written so far; import again when nobody writes the archive',
  });
}
