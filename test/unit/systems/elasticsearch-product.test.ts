import { attempt } from '../../../systems/elasticsearch/errors.ts';
import { connectNodes } from '../../../systems/elasticsearch/client.ts';
import { useAtEnd } from '../../at-end.ts';
import { fakeElasticsearch, type FakeAnswer } from '../../fake-elasticsearch.ts';

// What is no Elasticsearch, or too old a one, is refused by its name: OpenSearch answers most requests, and Elasticsearch's
// own client says no more than that it does not support the product.

const atEnd = useAtEnd();

/** As OpenSearch 2.19.1 answers: reads pass, a body of Elasticsearch's own type is refused. */
const other =
  (version: object) =>
  (request: { method: string; path: string }): FakeAnswer =>
    request.path === '/'
      ? { body: { cluster_name: 'search', version, tagline: 'hello' } }
      : request.method === 'GET'
        ? { body: { status: 'green' } }
        : {
            status: 406,
            error: { type: 'x', reason: 'Content-Type header [application/vnd.elasticsearch+json] is not supported' },
          };

test.each([
  [
    'OpenSearch',
    { distribution: 'opensearch', number: '2.19.1' },
    /is OpenSearch 2\.19\.1, which Rekindle does not support/,
  ],
  ['Elasticsearch 7.10', { number: '7.10.2' }, /is Elasticsearch 7\.10\.2, which is too old/],
])('%s', async (_, version, message) => {
  const { url, asked } = await fakeElasticsearch(other(version), atEnd, { labelled: false });
  const client = connectNodes([{ url }], { username: 'u', password: 'p' });
  atEnd(() => client.close());
  const failure = {
    kind: 'ServerNotSupported',
    message: expect.stringMatching(message) as string,
    remedy: expect.stringMatching(/\w/) as string,
  };
  await expect(attempt('read the health', () => client.cluster.health())).rejects.toMatchObject(failure);
  await expect(attempt('write', () => client.index({ index: 'a', document: {} }))).rejects.toMatchObject(failure);
  expect(asked.map(({ method, path }) => `${method} ${path}`)).toEqual([
    'GET /_cluster/health',
    'GET /',
    'POST /a/_doc',
    'GET /',
  ]);
  expect(new Set(asked.map(({ headers }) => headers.authorization)).size).toBe(1);
});

test('what does not say what it is', async () => {
  const silent = (): FakeAnswer => ({ body: {} });
  const { client } = await fakeElasticsearch(silent, atEnd, { labelled: false });
  await expect(attempt('read the health', () => client.cluster.health())).rejects.toMatchObject({
    kind: 'ServerNotSupported',
    message: 'Could not read the health: what answers does not call itself Elasticsearch',
  });
});

test('a proxy that answers in its place is out of reach, not another product', async () => {
  const proxy = (): FakeAnswer => ({ status: 503, error: { type: 'x', reason: 'no server is available' } });
  const { client } = await fakeElasticsearch(proxy, atEnd, { labelled: false });
  await expect(attempt('read the health', () => client.cluster.health())).rejects.toMatchObject({
    kind: 'ElasticsearchUnreachable',
  });
});
