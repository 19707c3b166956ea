import type { ElasticsearchStore } from '../../domain/platform.ts';
import type { RepositoryFile } from '../../systems/elasticsearch/repository/repository-files.ts';
import { readRepositoryIndex, type RepositoryIndex } from '../../systems/elasticsearch/repository/repository-index.ts';
import { sameFilesIn } from '../../systems/elasticsearch/repository/same-file.ts';
import { s3Objects } from '../../systems/object-storage/s3-objects.ts';
import { s3Storage } from '../../systems/object-storage/s3.ts';
import type { OpenPlatform } from '../open-platform.ts';
import type { ScrubbedBucket } from './bucket.ts';

/** Another repository that may hold the same files; it is only read. */
export interface SecondRepository extends Pick<ScrubbedBucket, 'storage'> {
  objects: Pick<ScrubbedBucket['objects'], 'read'>;
  /** The files in it that may be the same; whether they are, only reading them tells. */
  copiesOf: (file: RepositoryFile) => Promise<RepositoryFile[]>;
}

/** Its index is read once, when a file is looked for. */
export function secondRepository({ storage, objects }: Pick<ScrubbedBucket, 'storage' | 'objects'>): SecondRepository {
  let index: Promise<RepositoryIndex> | undefined;
  return {
    storage,
    objects,
    async copiesOf(file) {
      index ??= readRepositoryIndex(storage);
      // A copy of the whole bucket has it under its own key; a repository of its own calls it otherwise.
      return [file, ...(await sameFilesIn(storage, await index, file))];
    },
  };
}

/** Those that the platform file names for the store. Failures: MissingSecret, CertificateRefused. */
export async function secondRepositories(
  open: Pick<OpenPlatform, 'healSources'>,
  store: ElasticsearchStore,
): Promise<SecondRepository[]> {
  const places = (await open.healSources?.(store)) ?? [];
  return places.map((place) => secondRepository({ storage: s3Storage(place), objects: s3Objects(place) }));
}
