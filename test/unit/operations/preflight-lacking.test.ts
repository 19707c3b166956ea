import { Failure } from '../../../domain/failures.ts';
import { checkRepository } from '../../../operations/preflight/repository.ts';
import { checkWriters } from '../../../operations/preflight/writers.ts';
import { observeElasticsearch } from '../../../operations/preflight/observe-elasticsearch.ts';
import type { StoreSeen } from '../../../operations/preflight/observe-store.ts';
import type { OpenPlatform } from '../../../operations/open-platform.ts';
import { useAtEnd } from '../../at-end.ts';
import { fakeElasticsearch, type FakeAnswer, type FakeRequest } from '../../fake-elasticsearch.ts';
import { elasticsearchSeen, storeSeen } from './preflight-seen.ts';

const atEnd = useAtEnd();
const none = { unseen: 'not to be seen' };
const elasticsearch = (change: Parameters<typeof elasticsearchSeen>[0]) => ({
  elasticsearch: { seen: elasticsearchSeen(change) },
});
const faults = (seen: StoreSeen) =>
  [checkRepository(seen), checkWriters(seen)].flatMap((check) =>
    check === undefined || check.verdict === 'pass' ? [] : [check.evidence],
  );

describe('repository: what the living Elasticsearch lacks and the restore gives it', () => {
  const lacks = 'No credentials in the keystore for s3 client [default]';
  const omitted = { unseen: lacks, omitted: true } as const;

  test('the bucket itself shows the snapshot: a warning', () => {
    const lacking = storeSeen(elasticsearch({ snapshot: omitted, names: omitted, lacks }));
    expect(faults(lacking)).toEqual([]);
    expect(checkRepository(lacking)).toMatchObject({
      verdict: 'pass',
      warning: true,
      evidence: expect.stringContaining(lacks) as string,
    });
  });

  test('a scratch one shows it: the same', () => {
    const lacking = storeSeen({ bucket: none, ...elasticsearch({ lacks }) });
    expect(checkRepository(lacking)).toMatchObject({
      warning: true,
      evidence: expect.stringMatching(/^A scratch Elasticsearch of its image reads it/) as string,
    });
  });

  test('the scratch one cannot read it either: refused', () => {
    const failure = new Failure('WrongCredentials', { message: 'the key is wrong', remedy: 'correct it' });
    const lacking = storeSeen({ bucket: none, ...elasticsearch({ lacks, snapshot: { failure }, names: { failure } }) });
    expect(faults(lacking)).toEqual([expect.stringContaining('the key is wrong') as string]);
  });

  test('asked again right before the first stop: no check, since it was proven', () => {
    const again = storeSeen({ bucket: none, ...elasticsearch({ lacks, snapshot: omitted, names: omitted }) });
    expect(checkRepository(again)).toBeUndefined();
    expect(faults(again)).toEqual([]);
  });
});

test('a living Elasticsearch without the secrets is told from one that the storage refuses', async () => {
  const noCredentials: FakeAnswer = {
    status: 500,
    error: { type: 's3_exception', reason: 'No credentials in the keystore for s3 client [default]' },
  };
  const answer = ({ path }: FakeRequest): FakeAnswer | undefined => {
    if (path === '/_cluster/state/version') return { body: { cluster_uuid: 'u' } };
    if (path.startsWith('/_nodes'))
      return { body: { nodes: { n: { name: 'n1', version: '8.19.0', modules: [{ name: 'repository-s3' }] } } } };
    if (path === '/_features') return { body: { features: [] } };
    if (path === '/_snapshot/s3_backup') return { body: { s3_backup: { type: 's3', settings: {} } } };
    if (path === '/_snapshot/_status') return { body: {} };
    if (path === '/_recovery') return { body: {} };
    return path.startsWith('/_snapshot/s3_backup/') ? noCredentials : undefined;
  };
  const look = async (secrets: Record<string, { file: string }>) => {
    const { client } = await fakeElasticsearch(answer, atEnd);
    const { store, expected } = storeSeen();
    const open = { elasticsearch: () => Promise.resolve(client) } as unknown as OpenPlatform;
    const how = { scratch: 'when dead', capture: 'x', foundInBucket: () => Promise.resolve(true) } as const;
    const { observation } = await observeElasticsearch(open, { ...store, secrets }, expected, how);
    return { ...storeSeen({ elasticsearch: observation }), store: { ...store, secrets } };
  };
  const given = await look({ 's3.client.default.access_key': { file: '/run/secrets/key' } });
  expect(checkRepository(given)).toMatchObject({ verdict: 'pass', warning: true });
  // Nothing that the restore could hand over.
  expect(checkRepository(await look({}))).toMatchObject({ verdict: 'fail' });
});
