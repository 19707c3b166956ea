import { isMap, isSeq, parseDocument, type Document, type YAMLMap } from 'yaml';
import { Failure } from '../../domain/failures.ts';
import type { S3Options } from '../../systems/object-storage/s3.ts';

/** A platform file with other places in it; its comments stay. `notes`: what a person has left to do. */
export interface PlacedText {
  text: string;
  notes: string[];
}

/** The catalogue is a folder then. The repository stays as it is: Elasticsearch's nodes must reach it, not this machine. */
export function placedInFolder(text: string, root: string): PlacedText {
  const { document, file } = parsed(text);
  file.set('catalogue', document.createNode({ kind: 'directory', path: `${root}/catalogue` }));
  const notes = elasticsearchStores(file).map((store) => {
    const name = String(store.get('name'));
    return `The nodes of "${name}" read its snapshots from the repository that the platform file describes: put the files of ${root}/repositories/${name} there, or describe that folder as a repository of type fs that every node mounts`;
  });
  return { text: document.toString(), notes };
}

type Bucket = Pick<S3Options, 'bucket' | 'prefix' | 'endpoint' | 'region'>;

/** Catalogue and repositories lie in one bucket then. The secrets' names stay: what they name must fit the new server. */
export function placedInBucket(text: string, { bucket, prefix, endpoint, region }: Bucket): PlacedText {
  const { document, file } = parsed(text);
  const before = file.get('catalogue');
  const kept = isMap(before) && before.get('kind') === 's3' ? keysOf(document, before) : {};
  const at = { bucket, prefix: `${prefix}catalogue/`, ...(endpoint !== undefined && { endpoint }), region };
  file.set('catalogue', document.createNode({ kind: 's3', ...at, ...kept }));
  for (const store of elasticsearchStores(file)) {
    const repository = store.get('repository');
    if (!isMap(repository)) continue;
    repository.set('type', 's3');
    const settings = repository.get('settings');
    const values = isMap(settings) ? settings : (document.createNode({}) as YAMLMap);
    values.delete('location');
    values.set('bucket', bucket);
    values.set('base_path', `${prefix}repositories/${String(store.get('name'))}`);
    if (endpoint !== undefined) values.set('endpoint', endpoint);
    repository.set('settings', values);
  }
  return {
    text: document.toString(),
    notes: ['The files and variables that the platform file names for secrets must hold those of the new server'],
  };
}

const keyNames = ['accessKey', 'secretKey', 'sessionToken', 'credentials', 'tls', 'encryption', 'checksum', 'deletion'];

function keysOf(document: Document, catalogue: YAMLMap): Record<string, unknown> {
  const values = (catalogue.toJS(document) ?? {}) as Record<string, unknown>;
  return Object.fromEntries(Object.entries(values).filter(([key]) => keyNames.includes(key)));
}

function elasticsearchStores(file: YAMLMap): YAMLMap[] {
  const stores = file.get('stores');
  if (!isSeq(stores)) return [];
  return stores.items.filter((store): store is YAMLMap => isMap(store) && store.get('kind') === 'elasticsearch');
}

/** Failure: ArchiveRefused, when it is no platform file. */
function parsed(text: string): { document: Document; file: YAMLMap } {
  const document = parseDocument(text);
  const { contents } = document;
  if (document.errors.length === 0 && isMap(contents)) return { document, file: contents };
  throw new Failure('ArchiveRefused', {
    message: 'The archive is refused: its platform.yaml is no platform file',
    remedy: 'Export the recovery point again',
  });
}
