import { overallVerdict } from '../../../domain/checks.ts';
import { contentOf } from '../../../systems/elasticsearch/repository/checked-file.ts';
import { readRepositoryIndex } from '../../../systems/elasticsearch/repository/repository-index.ts';
import { readShardList } from '../../../systems/elasticsearch/repository/shard-files.ts';
import { openScrubScene, type ScrubScene } from './scrub-scene.ts';
import { scrubbedPlatform, type ScrubbedPlatform } from './scrubbed-platform.ts';

// Each kind of damage to a repository that a real Elasticsearch wrote, in a bucket that keeps no versions: what finds it,
// and when. docs/scrub.md has the table that this prints.
let scene: ScrubScene;
let platform: ScrubbedPlatform;
const rows: string[][] = [];
/** The repository's index before the third snapshot, which has removed it. */
let older: { key: string; bytes: Uint8Array };

beforeAll(async () => {
  scene = await openScrubScene();
  const { generation } = await index();
  older = { key: `index-${generation}`, bytes: await scene.bytesOf(`index-${generation}`) };
  await scene.take('third');
  // So long that by rotation nearly nothing is read from one scrub to the next.
  platform = await scrubbedPlatform(scene, 366);
  for (const { snapshot } of scene.points.toReversed()) await platform.publish(snapshot);
  // All was read a moment ago: the share of the next backup reads nothing that it need not.
  for (const scope of ['all', 'share'] as const)
    expect(overallVerdict((await platform.scrub(scope)).checks ?? [])).toBe('pass');
});
afterAll(async () => {
  process.stdout.write(`${rows.map((row) => `| ${row.join(' | ')} |`).join('\n')}\n`);
  await scene.servers.stop();
});

interface Kind {
  damage: string;
  /** The objects to write (undefined: to delete), by key. */
  change: () => Promise<Record<string, Uint8Array | undefined>>;
  /** What the check must name. */
  names: RegExp;
  /** Which points must be bad, and no others; asked before the change. */
  bad: string[] | (() => Promise<string[]>);
}

const flipped = (bytes: Uint8Array, from = Math.floor(bytes.length / 2)) => {
  const damaged = bytes.slice();
  for (let at = from; at < Math.min(from + 20, bytes.length); at++) damaged[at] = (damaged[at] ?? 0) ^ 0xff;
  return damaged;
};
const index = () => readRepositoryIndex(scene.storage);
const uuidOf = async (snapshot: string) => (await index()).snapshots.find(({ name }) => name === snapshot)?.uuid ?? '';
const folderOf = async (name: string, shard: number) => `indices/${(await index()).indices[name]?.id ?? ''}/${shard}/`;
const largestOf = async (name: string) => (await scene.keys(`${await folderOf(name, 0)}__`))[0]?.key ?? '';
const listOf = async (name: string, shard: number) =>
  `${await folderOf(name, shard)}index-${(await index()).indices[name]?.shardGenerations?.[shard] ?? ''}`;
const all = ['first', 'second', 'third'];

/** Two data files of the same length and other content: the change of places shows in no list of the bucket. */
async function twins(): Promise<[string, string]> {
  const files = (await scene.keys('indices/')).filter(({ key }) => key.includes('/__') && !key.includes('.part'));
  for (const one of files)
    for (const other of files)
      if (one.key < other.key && one.bytes === other.bytes) {
        const [a, b] = [await scene.bytesOf(one.key), await scene.bytesOf(other.key)];
        if (Buffer.compare(a, b) !== 0) return [one.key, other.key];
      }
  throw new Error('no two files have the same length');
}

/** The snapshots that refer to a data file, by the list of its shard. */
async function pointsOf(key: string): Promise<string[]> {
  const [, id = '', shard = '', file = ''] = key.split('/');
  const [name = ''] = Object.entries((await index()).indices).find(([, entry]) => entry.id === id) ?? [];
  const list = readShardList(contentOf(await scene.bytesOf(await listOf(name, Number(shard))), 'snapshots'));
  return Object.entries(list.snapshots).flatMap(([snapshot, files]) => (files.includes(file) ? [snapshot] : []));
}

const kinds: Kind[] = [
  {
    damage: 'bytes flipped in a data file',
    change: async () => ({ [await largestOf('big')]: flipped(await scene.bytesOf(await largestOf('big')), 20_000) }),
    names: /big\[0\], file .*checksum does not match/,
    bad: all,
  },
  {
    damage: 'data file deleted',
    change: async () => ({ [await largestOf('big')]: undefined }),
    names: /big\[0\], file .*is not there/,
    bad: all,
  },
  {
    damage: 'data file cut short',
    change: async () => ({
      [await largestOf('big')]: (await scene.bytesOf(await largestOf('big'))).subarray(0, 9_999),
    }),
    names: /big\[0\], file .*9999 bytes instead of/,
    bad: all,
  },
  {
    damage: 'data file swapped with another of the same length',
    change: async () => {
      const [a, b] = await twins();
      return { [a]: await scene.bytesOf(b), [b]: await scene.bytesOf(a) };
    },
    names: /file .*it is another file/,
    bad: async () => {
      const points = await Promise.all((await twins()).map(pointsOf));
      return [...new Set(points.flat())];
    },
  },
  {
    damage: "bytes flipped in the repository's index (`index-N`)",
    change: async () => {
      const key = `index-${(await index()).generation}`;
      return { [key]: flipped(await scene.bytesOf(key)) };
    },
    names: /repository's index/,
    bad: all,
  },
  {
    damage: 'a byte changed in a part of `index-N` that nobody reads',
    change: async () => {
      const key = `index-${(await index()).generation}`;
      const text = Buffer.from(await scene.bytesOf(key)).toString();
      const changed = text.replace(
        /("start_time_millis":\d*)(\d)/,
        (_, rest: string, last: string) => rest + String(9 - Number(last)),
      );
      expect(changed).not.toBe(text);
      return { [key]: Buffer.from(changed) };
    },
    names: /repository's index .*it is not what it was/,
    bad: all,
  },
  {
    damage: "bytes flipped in a shard's list of files (`index-…`)",
    change: async () => ({ [await listOf('many', 1)]: flipped(await scene.bytesOf(await listOf('many', 1))) }),
    names: /many\[1\], its list of files .*checksum does not match/,
    bad: [],
  },
  {
    damage: "bytes flipped in a snapshot's list of a shard (`snap-….dat`)",
    change: async () => {
      const key = `${await folderOf('many', 2)}snap-${await uuidOf('second')}.dat`;
      return { [key]: flipped(await scene.bytesOf(key)) };
    },
    names: /many\[2\], the list of second .*checksum does not match/,
    bad: ['second'],
  },
  {
    damage: "bytes flipped in a snapshot's metadata (`meta-….dat`)",
    change: async () => {
      const key = `meta-${await uuidOf('first')}.dat`;
      return { [key]: flipped(await scene.bytesOf(key)) };
    },
    names: /global metadata of first .*checksum does not match/,
    bad: ['first'],
  },
  {
    damage: "a snapshot's metadata swapped with another's",
    change: async () => {
      const [a, b] = [`snap-${await uuidOf('first')}.dat`, `snap-${await uuidOf('third')}.dat`];
      return { [a]: await scene.bytesOf(b), [b]: await scene.bytesOf(a) };
    },
    names: /it is that of another snapshot, (first|third)/,
    bad: ['first', 'third'],
  },
  {
    damage: 'two global metadata (`meta-….dat`) swapped after they were read',
    change: async () => {
      const [a, b] = [`meta-${await uuidOf('first')}.dat`, `meta-${await uuidOf('third')}.dat`];
      return { [a]: await scene.bytesOf(b), [b]: await scene.bytesOf(a) };
    },
    names: /global metadata of (first|third) .*it is not what (it was|the backup wrote)/,
    bad: ['first', 'third'],
  },
  {
    damage: "an index's metadata: an older version under the newer one's key",
    change: async () => {
      const { indices, snapshots, indexMetadataFiles } = await index();
      const id = indices['many']?.id ?? '';
      const keyOf = (snapshot: string) => {
        const version = snapshots.find(({ name }) => name === snapshot)?.indexMetadata[id] ?? '';
        return `indices/${id}/meta-${indexMetadataFiles[version] ?? ''}.dat`;
      };
      return { [keyOf('third')]: await scene.bytesOf(keyOf('first')) };
    },
    names: /metadata of many .*(another version|not what it was)/,
    bad: ['second', 'third'],
  },
  {
    damage: "the repository's index: an old generation put back",
    change: async () => ({ [`index-${(await index()).generation}`]: undefined, [older.key]: older.bytes }),
    names: /older generation.*does not list what belongs to third/,
    bad: ['third'],
  },
];

for (const { damage, change, names, bad } of kinds)
  test(damage, async () => {
    const wanted = typeof bad === 'function' ? await bad() : bad;
    // Only a list that no restore reads spoils no point.
    if (!damage.startsWith("bytes flipped in a shard's list")) expect(wanted).not.toEqual([]);
    const changes = await change();
    const kept = new Map<string, Uint8Array | undefined>();
    for (const key of Object.keys(changes)) kept.set(key, await scene.storage.get(key));
    try {
      for (const [key, bytes] of Object.entries(changes))
        await (bytes ? scene.storage.put(key, bytes) : scene.storage.delete(key));
      const share = await platform.scrub('share');
      const atOnce = overallVerdict(share.checks ?? []) !== 'pass';
      const outcome = atOnce ? share : await platform.scrub('all');
      expect(overallVerdict(outcome.checks ?? [])).toBe('fail');
      const evidence = outcome.checks?.map((check) => check.evidence).join('\n') ?? '';
      expect(evidence).toMatch(names);
      // Of two damaged files a share may hold one; what is known already is no news.
      if (atOnce) await platform.scrub('all');
      const marked = (await platform.bad()).toSorted();
      expect(marked).toEqual(wanted.toSorted());
      rows.push([
        damage,
        /: ([^:]*)(; marked bad|; no good|; \d+ good)/.exec(evidence)?.[1] ?? evidence,
        atOnce ? 'the scrub after the next backup' : 'at the latest after `backup.scrubDays`; at once with `--all`',
        marked.join(', ') || 'none',
      ]);
    } finally {
      for (const [key, bytes] of kept) await (bytes ? scene.storage.put(key, bytes) : scene.storage.delete(key));
    }
    // What is good again is no longer marked.
    await platform.scrub('all');
    expect(await platform.bad()).toEqual([]);
  });

test('two global metadata swapped before anybody read them', async () => {
  const fresh = await scrubbedPlatform(scene);
  for (const { snapshot } of scene.points.toReversed()) await fresh.publish(snapshot);
  const [a, b] = [`meta-${await uuidOf('first')}.dat`, `meta-${await uuidOf('third')}.dat`];
  const [one, other] = [await scene.bytesOf(a), await scene.bytesOf(b)];
  await scene.storage.put(a, other);
  await scene.storage.put(b, one);
  try {
    const { checks = [] } = await fresh.scrub('all');
    expect(overallVerdict(checks)).toBe('fail');
    expect(checks.map(({ evidence }) => evidence).join()).toMatch(
      /global metadata of .*it is not what the backup wrote/,
    );
    expect((await fresh.bad()).toSorted()).toEqual(['first', 'third']);
  } finally {
    await scene.storage.put(a, one);
    await scene.storage.put(b, other);
  }
});
