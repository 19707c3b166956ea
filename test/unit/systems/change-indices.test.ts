import { deleteIndices, swapAliases } from '../../../systems/elasticsearch/copies/change-indices.ts';
import { useAtEnd } from '../../at-end.ts';
import { fakeElasticsearch, type FakeRequest } from '../../fake-elasticsearch.ts';

const atEnd = useAtEnd();

/** A cluster with these indices, each with its uuid and its aliases. */
function cluster(indices: Record<string, { uuid: string; aliases?: string[] }>) {
  return fakeElasticsearch(({ method, path }: FakeRequest) => {
    if (path.startsWith('/_cluster/state'))
      return {
        body: {
          metadata: {
            indices: Object.fromEntries(
              Object.entries(indices).map(([name, { uuid, aliases = [] }]) => [
                name,
                {
                  state: 'open',
                  aliases,
                  settings: { index: { uuid, number_of_shards: '1', number_of_replicas: '0' } },
                },
              ]),
            ),
          },
        },
      };
    const [, asked] = /^\/([^/]+)\/_alias$/.exec(path) ?? [];
    const found = asked === undefined ? undefined : indices[asked];
    if (asked !== undefined && found)
      return { body: { [asked]: { aliases: Object.fromEntries((found.aliases ?? []).map((alias) => [alias, {}])) } } };
    return method === 'DELETE' || path === '/_aliases' ? { body: { acknowledged: true } } : undefined;
  }, atEnd);
}
const changes = (asked: FakeRequest[]) =>
  asked.filter(({ method, path }) => method !== 'GET' && !path.includes('state'));

test('deletes the very index that the plan named, and none that has got its name since', async () => {
  const { client, asked } = await cluster({ a: { uuid: '1' }, b: { uuid: 'another' } });
  expect(
    await deleteIndices(client, [
      { index: 'a', uuid: '1' },
      { index: 'b', uuid: '2' },
      { index: 'c', uuid: '3' },
    ]),
  ).toBe(1);
  expect(changes(asked).map(({ path }) => path)).toEqual(['/a']);
});

const swap = { name: 'jobs', index: 'jobs-new', leaves: [] as string[] };

test('an index gives its name to an alias in one request', async () => {
  const { client, asked } = await cluster({ jobs: { uuid: '1' }, 'jobs-new': { uuid: '2' } });
  await swapAliases(client, [{ ...swap, removes: { index: 'jobs', uuid: '1' } }]);
  expect(changes(asked)).toMatchObject([
    { body: { actions: [{ remove_index: { index: 'jobs' } }, { add: { index: 'jobs-new', alias: 'jobs' } }] } },
  ]);
});

test('an alias moves; what it meant stays', async () => {
  const { client, asked } = await cluster({ 'jobs-old': { uuid: '1', aliases: ['jobs'] }, 'jobs-new': { uuid: '2' } });
  await swapAliases(client, [{ ...swap, leaves: ['jobs-old'] }]);
  expect(changes(asked)).toMatchObject([
    {
      body: {
        actions: [{ remove: { index: 'jobs-old', alias: 'jobs' } }, { add: { index: 'jobs-new', alias: 'jobs' } }],
      },
    },
  ]);
});

test('repeated, it asks for nothing', async () => {
  const { client, asked } = await cluster({ 'jobs-new': { uuid: '2', aliases: ['jobs'] } });
  expect(await swapAliases(client, [{ ...swap, removes: { index: 'jobs', uuid: '1' } }])).toBe(0);
  expect(changes(asked)).toEqual([]);
});

test('a name that belongs to something else by now is not taken away', async () => {
  const { client, asked } = await cluster({ jobs: { uuid: 'newcomer' }, 'jobs-new': { uuid: '2' } });
  await expect(swapAliases(client, [{ ...swap, removes: { index: 'jobs', uuid: '1' } }])).rejects.toMatchObject({
    kind: 'VerificationFailed',
  });
  expect(changes(asked)).toEqual([]);
});
