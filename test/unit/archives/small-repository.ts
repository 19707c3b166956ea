import { crc32 } from 'node:zlib';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Our snapshot's name; there is another one, which an archive of ours must not need. */
export const snapshot = 'snapshot.2026-11-21t0930z';
export const otherSnapshot = 'snapshot.2026-11-20t0930z';

const [uuid, otherUuid] = ['uuid-ours', 'uuid-other'];

/** A repository of one index with one shard and two snapshots, in the form that Elasticsearch gives it. */
export async function smallRepository(folder: string, dataBytes = 4000): Promise<Record<string, Buffer>> {
  const data = lucene(Buffer.alloc(dataBytes, 'ours '));
  const parted = lucene(Buffer.alloc(3000, 'parts '));
  const other = lucene(Buffer.alloc(500, 'other '));
  const files = [
    { name: '__ours', physical_name: '_0.cfs', length: data.length, checksum: checksumOf(data) },
    { name: '__parts', physical_name: '_1.cfs', length: parted.length, checksum: checksumOf(parted), part_size: 2000 },
    { name: '__other', physical_name: '_2.cfs', length: other.length, checksum: checksumOf(other) },
  ];
  const shard = 'indices/idx/0/';
  const own = (name: string, of: typeof files) => metadata('snapshot', smile({ name, files: of }));
  const objects: Record<string, Buffer> = {
    'index-7': Buffer.from(
      JSON.stringify({
        min_version: '7.12.0',
        uuid: 'repository',
        cluster_id: 'cluster',
        snapshots: [otherUuid, uuid].map((id) => ({
          name: id === uuid ? snapshot : otherSnapshot,
          uuid: id,
          state: 1,
          index_metadata_lookup: { idx: `version-${id}` },
        })),
        indices: { jobs: { id: 'idx', snapshots: [otherUuid, uuid], shard_generations: ['gen'] } },
        index_metadata_identifiers: { [`version-${uuid}`]: 'meta-ours', [`version-${otherUuid}`]: 'meta-other' },
      }),
    ),
    'index.latest': Buffer.from([0, 0, 0, 0, 0, 0, 0, 7]),
    [`snap-${uuid}.dat`]: metadata('snapshot', Buffer.from('unread')),
    [`meta-${uuid}.dat`]: metadata('metadata', Buffer.from('unread')),
    [`snap-${otherUuid}.dat`]: metadata('snapshot', Buffer.from('unread')),
    'indices/idx/meta-meta-ours.dat': metadata('index-metadata', Buffer.from('unread')),
    'indices/idx/meta-meta-other.dat': metadata('index-metadata', Buffer.from('unread')),
    [`${shard}index-gen`]: metadata(
      'snapshots',
      smile({
        files,
        snapshots: { [otherSnapshot]: { files: ['__other'] }, [snapshot]: { files: ['__ours', '__parts'] } },
      }),
    ),
    [`${shard}snap-${uuid}.dat`]: own(snapshot, files.slice(0, 2)),
    [`${shard}snap-${otherUuid}.dat`]: own(otherSnapshot, files.slice(2)),
    [`${shard}__ours`]: data,
    [`${shard}__parts.part0`]: parted.subarray(0, 2000),
    [`${shard}__parts.part1`]: parted.subarray(2000),
    [`${shard}__other`]: other,
  };
  for (const [key, bytes] of Object.entries(objects)) {
    await mkdir(dirname(join(folder, key)), { recursive: true });
    await writeFile(join(folder, key), bytes);
  }
  return objects;
}

/** Content between Lucene's header and footer, as Elasticsearch writes its metadata. */
function metadata(codec: string, content: Buffer): Buffer {
  const head = Buffer.alloc(4 + 1 + codec.length + 4);
  head.writeUInt32BE(0x3fd76c17, 0);
  head[4] = codec.length;
  head.write(codec, 5, 'latin1');
  return lucene(Buffer.concat([head, content]));
}

function lucene(content: Buffer): Buffer {
  const footer = Buffer.alloc(16);
  footer.writeUInt32BE(0xc02893e8, 0);
  const covered = Buffer.concat([content, footer.subarray(0, 8)]);
  footer.writeBigUInt64BE(BigInt(crc32(covered)), 8);
  return Buffer.concat([content, footer]);
}

const checksumOf = (file: Buffer) => file.readUInt32BE(file.length - 4).toString(36);

/** As much of SMILE as the lists need. */
function smile(document: unknown): Buffer {
  return Buffer.concat([Buffer.from([0x3a, 0x29, 0x0a, 0x00]), valueOf(document)]);
}

function valueOf(value: unknown): Buffer {
  if (typeof value === 'string') return Buffer.concat([Buffer.from([0x3f + value.length]), Buffer.from(value)]);
  if (typeof value === 'number') return Buffer.concat([Buffer.from([0x24]), number(2 * value)]);
  if (Array.isArray(value)) return Buffer.concat([Buffer.from([0xf8]), ...value.map(valueOf), Buffer.from([0xf9])]);
  const entries = Object.entries(value as Record<string, unknown>).flatMap(([name, inner]) => [
    Buffer.concat([Buffer.from([0x7f + name.length]), Buffer.from(name)]),
    valueOf(inner),
  ]);
  return Buffer.concat([Buffer.from([0xfa]), ...entries, Buffer.from([0xfb])]);
}

/** Six bits in the last byte, which has the highest bit set, seven in those before. */
function number(value: number): Buffer {
  const bytes = [0x80 | (value & 0x3f)];
  for (let rest = value >> 6; rest > 0; rest >>= 7) bytes.unshift(rest & 0x7f);
  return Buffer.from(bytes);
}
