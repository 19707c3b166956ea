import { takeMarks, takeMarksAfter } from '../../../systems/elasticsearch/documents/marks.ts';
import { expectedIndices, uncountedIndices } from '../../../domain/recovery-points/expected-set.ts';
import { takeSnapshot } from '../../../systems/elasticsearch/snapshots/take-snapshot.ts';
import { useAtEnd } from '../../at-end.ts';
import { fakeElasticsearch, type FakeAnswer, type FakeRequest } from '../../fake-elasticsearch.ts';

const atEnd = useAtEnd();

interface FakeIndex {
  /** Refuses these kinds of requests. */
  block?: { id: number; name: string; of: ('refresh' | 'stats' | 'search')[] };
  error?: { type: string; reason: string; status: number };
  documents: { id: string; source: string }[];
  /** As told of the disk, where documents are compressed. */
  bytes?: number;
}

/** What a backup asks about documents, over indices of which some refuse. */
function answers(indices: Record<string, FakeIndex>) {
  return ({ path, body }: FakeRequest): FakeAnswer | undefined => {
    if (path === '/_cluster/state/metadata')
      return {
        body: {
          metadata: {
            indices: Object.fromEntries(
              Object.keys(indices).map((name) => [
                name,
                { state: 'open', aliases: [], settings: { index: { uuid: `u-${name}`, number_of_shards: '1' } } },
              ]),
            ),
          },
        },
      };
    const [names = '', what = ''] = path.slice(1).split('/_');
    const kind = what.startsWith('stats') ? 'stats' : what;
    const wanted = names.split(',');
    for (const name of wanted) {
      const index = indices[name];
      if (!index)
        return { status: 404, error: { type: 'index_not_found_exception', reason: `no such index [${name}]` } };
      if (index.error && kind === 'search') return { ...index.error, error: index.error };
      if (index.block?.of.includes(kind as 'search'))
        return {
          status: 403,
          error: {
            type: 'cluster_block_exception',
            reason: `index [${name}] blocked by: [FORBIDDEN/${index.block.id}/index ${index.block.name} (api)];`,
          },
        };
    }
    const documentsOf = (name: string) => indices[name]?.documents ?? [];
    if (kind === 'refresh') return { body: {} };
    if (kind === 'stats')
      return {
        body: {
          indices: Object.fromEntries(
            wanted.map((name) => [
              name,
              {
                shards: {
                  0: [
                    {
                      routing: { primary: true },
                      docs: { count: documentsOf(name).length },
                      seq_no: { max_seq_no: documentsOf(name).length - 1 },
                      store: { size_in_bytes: indices[name]?.bytes ?? 1000 },
                    },
                  ],
                },
              },
            ]),
          ),
        },
      };
    if (kind !== 'search') return undefined;
    const asked = body as { size: number; _source?: false; query?: { ids?: { values: string[] } } };
    const ids = asked.query?.ids?.values;
    const found = documentsOf(names).filter(({ id }) => ids === undefined || ids.includes(id));
    const hits = found.slice(0, asked.size).map(({ id, source }, place) => {
      const content = asked._source === false ? '' : `,"_source":${source}`;
      return `{"_id":"${id}","_seq_no":${place}${content}}`;
    });
    return { body: `{"hits":{"total":{"value":${found.length}},"hits":[${hits.join()}]}}` };
  };
}

const small = (...ids: string[]) => ids.map((id) => ({ id, source: `{"id":"${id}"}` }));

test('an index that cannot be counted is in the expected set, with the reason; the others are counted', async () => {
  const { client } = await fakeElasticsearch(
    answers({
      plain: { documents: small('a', 'b') },
      unread: { documents: small('a'), block: { id: 7, name: 'read', of: ['search'] } },
      hidden: { documents: small('a'), block: { id: 9, name: 'metadata', of: ['refresh', 'stats'] } },
      odd: { documents: small('a'), error: { type: 'illegal_argument_exception', reason: 'no', status: 400 } },
    }),
    atEnd,
  );
  const before = await takeMarks(client, ['gone', 'hidden', 'odd', 'plain', 'unread'], 5);
  const expected = expectedIndices(before, await takeMarksAfter(client, before));
  expect(uncountedIndices(expected)).toEqual([
    'hidden: index.blocks.metadata is set',
    'odd: Elasticsearch refuses: no',
    'unread: index.blocks.read is set',
  ]);
  expect(expected.map(({ name, documents }) => [name, documents?.atLeast])).toEqual([
    ['hidden', undefined],
    ['odd', undefined],
    ['plain', 2],
    ['unread', undefined],
  ]);
  expect(expected.find(({ name }) => name === 'plain')?.samples).toHaveLength(2);
});

test('a server that is away is no reason to go on without a count', async () => {
  const { client } = await fakeElasticsearch(
    answers({ plain: { documents: [], error: { type: 'no_shard', reason: 'not available', status: 503 } } }),
    atEnd,
  );
  await expect(takeMarks(client, ['plain'], 0)).rejects.toMatchObject({ kind: 'ElasticsearchUnreachable' });
});

test('samples are read in small answers, and a document that is too long is none', async () => {
  const huge = `{"payload":"${'x'.repeat(6 * 2 ** 20)}"}`;
  const large = `{"payload":"${'x'.repeat(2 ** 20)}"}`;
  const documents = [
    ...small('a'),
    { id: 'huge', source: huge },
    { id: 'l1', source: large },
    { id: 'l2', source: large },
    { id: 'l3', source: large },
    { id: 'l4', source: large },
  ];
  for (const bytes of [600, 40 * 2 ** 20]) {
    const { client, asked } = await fakeElasticsearch(answers({ mixed: { documents, bytes } }), atEnd);
    const { mixed } = await takeMarks(client, ['mixed'], 20);
    expect(mixed?.samples.map(({ id }) => id)).toEqual(['a', 'l1', 'l2', 'l3', 'l4']);
    const contents = asked.flatMap(({ body }) => {
      const { query, _source: source } = (body ?? {}) as { query?: { ids?: { values: string[] } }; _source?: false };
      return query?.ids && source === undefined ? [query.ids.values.length] : [];
    });
    // What looks small on disk is tried at once and then one by one; what is large, one by one from the start.
    expect(contents).toEqual(bytes === 600 ? [6, 1, 1, 1, 1, 1, 1] : [1, 1, 1, 1, 1, 1]);
  }
});

test('no request names an index anywhere but in its path', async () => {
  const { client, asked } = await fakeElasticsearch(answers({ plain: { documents: small('a') } }), atEnd);
  await takeMarks(client, ['plain'], 5);
  expect(asked.filter(({ path }) => path.includes('_msearch') || path.includes('_mget'))).toEqual([]);
});

test('an index that is deleted before the snapshot begins is left out of it', async () => {
  const indices: Record<string, FakeIndex> = { kept: { documents: [] }, goes: { documents: [] } };
  const documentsAnswers = answers(indices);
  let taken: string[] | undefined;
  const { client } = await fakeElasticsearch((request) => {
    if (!request.path.startsWith('/_snapshot/')) return documentsAnswers(request);
    if (request.method === 'PUT') {
      const { indices: wanted } = request.body as { indices: string[] };
      // Deleted between the list and the request.
      delete indices['goes'];
      if (wanted.includes('goes'))
        return { status: 404, error: { type: 'index_not_found_exception', reason: 'no such index [goes]' } };
      taken = wanted;
      return { body: {} };
    }
    if (taken === undefined)
      return { status: 404, error: { type: 'snapshot_missing_exception', reason: '[backup:s] is missing' } };
    return { body: { snapshots: [{ snapshot: 's', state: 'SUCCESS', indices: taken, data_streams: [] }] } };
  }, atEnd);
  const request = { repository: 'backup', snapshot: 's', indices: ['goes', 'kept'], metadata: { run: 'r' } };
  expect(await takeSnapshot(client, request)).toMatchObject({ state: 'SUCCESS', indices: ['kept'] });
});
