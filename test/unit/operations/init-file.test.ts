import fc from 'fast-check';
import { parsePlatform } from '../../../config/platform-file.ts';
import { proposePlatform } from '../../../domain/init/propose.ts';
import type { SeenPlatform, SeenService } from '../../../domain/init/seen.ts';
import { platformFileOf } from '../../../operations/init/file-text.ts';
import { demoSeen, demoStoresSeen, nuvlaSeen, onSwarm, seenService } from '../domain/init/seen-samples.ts';

const textOf = (seen: SeenPlatform) =>
  platformFileOf(proposePlatform('demo', seen), { source: 'the Compose project "demo"' });

const refusing = (seen: SeenPlatform): SeenPlatform => ({
  ...seen,
  servers: { postgresql: { kind: 'refused' }, etcd: { kind: 'refused' } },
});

test.each([
  ['the demo', demoSeen()],
  ['the demo with all its stores', demoStoresSeen()],
  ['all its stores, and they want passwords', refusing(demoStoresSeen())],
  ['the same on Swarm', onSwarm(refusing(demoStoresSeen()))],
  ['Nuvla on Swarm', nuvlaSeen()],
  ['nothing answers', demoSeen({ elasticsearch: {}, zookeeper: {} })],
  ['a log-in is wanted', demoSeen({ elasticsearch: { elasticsearch: { kind: 'refused', scheme: 'http' } } })],
])('the file is valid as it is written: %s', (_what, seen) => {
  const text = textOf(seen);
  const platform = parsePlatform(text, 'demo.yaml', {});
  expect(platform.platform).toBe('demo');
  // Each remark is in it, above what it speaks of.
  expect(text.match(/# \? /g)?.length).toBeGreaterThanOrEqual(2);
});

test('remarks stand right above what they speak of', () => {
  const lines = textOf(demoSeen()).split('\n');
  const above = (start: string) => lines[lines.findIndex((line) => line.trim().startsWith(start)) - 1]?.trim();
  expect(above('catalogue:')).toMatch(/^#/);
  expect(above('s3.client.default.access_key:')).toBe('# The file that elasticsearch has for it.');
  expect(above('path: /job')).toBe("# A queue of kazoo's kind stands there, with 7 entries now.");
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(140);
});

test('each suggestion is valid when it is taken in', () => {
  const { content, remarks, suggestions } = proposePlatform('demo', demoSeen());
  expect(suggestions.length).toBeGreaterThan(2);
  const whole = Object.assign({}, content, ...suggestions.map(({ content }) => content)) as typeof content;
  parsePlatform(platformFileOf({ content: whole, remarks, suggestions: [] }, { source: 'here' }), 'demo.yaml', {});
});

/** Texts that would break a YAML file, a comment or a reference if they were taken as they are. */
const hostile = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 20 }),
  fc.constantFrom(
    'a: b',
    '# x',
    '"',
    "'",
    '- 1',
    '\n\nstores: []',
    '${HOME}',
    '\u2028platform: x',
    'null',
    '0x10',
    '{',
    '%',
    '@',
    '*a',
    '&a',
  ),
);
const images = fc.constantFrom(
  'elasticsearch:8',
  'zookeeper',
  'postgres:16',
  'mariadb',
  'redis:7',
  'quay.io/coreos/etcd',
  'acme/api:1',
  'minio/minio',
  'kibana:8',
  'a/es-exporter',
  'rekindle',
);
const composeName = fc.stringMatching(/^[a-zA-Z0-9][a-zA-Z0-9._-]{0,12}$/);
const service = fc.record({
  service: composeName,
  image: fc.oneof(images, hostile),
  running: fc.boolean(),
  finished: fc.boolean(),
  ports: fc.array(fc.integer({ min: 1, max: 65_535 }), { maxLength: 3 }),
  volumes: fc.array(
    fc.record({
      type: fc.constantFrom('volume', 'bind'),
      source: fc.oneof(hostile, fc.constantFrom('data', '/srv/data')),
      path: fc.oneof(hostile, fc.constantFrom('/data', '/srv/x')),
    }),
    { maxLength: 2 },
  ),
  settings: fc.dictionary(
    fc.constantFrom('POSTGRES_USER', 'POSTGRES_PASSWORD_FILE', 'ETCD_LISTEN_CLIENT_URLS', 'ETCD_TRUSTED_CA_FILE'),
    fc.oneof(hostile, fc.constantFrom('/run/secrets/access_key', 'https://x:2379')),
  ),
  mounts: fc.array(fc.oneof(hostile, fc.constantFrom('/usr/share/elasticsearch/data', '/datalog')), { maxLength: 2 }),
  variables: fc.array(fc.oneof(hostile, fc.constantFrom('ELASTIC_PASSWORD', 'ZOO_MY_ID')), { maxLength: 2 }),
  secretFiles: fc.dictionary(
    fc.oneof(hostile, fc.constantFrom('access_key', 'secret_key')),
    fc.option(hostile, { nil: undefined }),
  ),
  dependsOn: fc.array(composeName, { maxLength: 2 }),
  networks: fc.subarray(['a', 'b']),
});

const platform = fc.record({
  swarm: fc.boolean(),
  services: fc.uniqueArray(service, { selector: ({ service }) => service, maxLength: 6 }),
  neighbours: fc.uniqueArray(service, { selector: ({ service }) => service, maxLength: 3 }),
  repositories: fc.array(
    fc.record({
      name: fc.oneof(hostile, composeName),
      type: fc.constantFrom('s3', 'fs', 'gcs'),
      settings: fc.dictionary(hostile, hostile),
      readonly: fc.boolean(),
    }),
    { maxLength: 3 },
  ),
  indices: fc.array(fc.oneof(hostile, fc.constantFrom('nuvla-job', 'jobs', 'tasks')), { maxLength: 4 }),
  queues: fc.array(
    fc.record({
      path: fc.oneof(
        fc.constantFrom('/job', '/tasks'),
        hostile.map((text) => `/${text}`),
      ),
      entries: fc.nat(),
    }),
    { maxLength: 3 },
  ),
  answers: fc.constantFrom('answered', 'refused', 'silent', 'other'),
  server: fc.constantFrom('answered', 'refused', 'silent'),
  facts: fc.dictionary(
    fc.constantFrom(
      'role',
      'databases',
      'dir',
      'dbfilename',
      'appendfilename',
      'appenddirname',
      'cluster',
      'superuser',
    ),
    hostile,
  ),
});

test('whatever is seen, the file parses and says the same', () => {
  fc.assert(
    fc.property(platform, ({ swarm, answers, server, facts, services, neighbours, repositories, indices, queues }) => {
      const named = services
        .filter(({ service }) => service !== 'es')
        .map((more): SeenService => seenService(more.service, more));
      const all = [seenService('es', { image: 'elasticsearch:8', networks: ['a'] }), ...named];
      const answered = {
        kind: 'answered' as const,
        scheme: 'http' as const,
        clusterUuid: 'u',
        version: '8',
        repositories,
        indices,
      };
      const answer = answers === 'answered' ? answered : { kind: answers, scheme: 'https' as const };
      const seen: SeenPlatform = {
        place: swarm ? { kind: 'swarm', stack: 'demo' } : { kind: 'compose', project: 'demo' },
        services: all,
        neighbours: neighbours.map((more) => seenService(more.service, { ...more, service: `other/${more.service}` })),
        elasticsearch: Object.fromEntries(
          all.map(({ service }) => [service, service === 'es' && answers === 'other' ? { kind: 'silent' } : answer]),
        ) as SeenPlatform['elasticsearch'],
        zookeeper: Object.fromEntries(all.map(({ service }) => [service, { kind: 'answered', queues, nodes: [] }])),
        servers: Object.fromEntries(
          all.map(({ service }) => [
            service,
            server === 'answered' ? { kind: server, server: 'x', facts } : { kind: server },
          ]),
        ) as SeenPlatform['servers'],
        healthAnswers: Object.fromEntries(all.map(({ service }) => [service, 200])),
      };
      const proposal = proposePlatform('demo', seen);
      const parsed = parsePlatform(platformFileOf(proposal, { source: 'here' }), 'demo.yaml', {});
      expect(parsed.deployment).toMatchObject(proposal.content.deployment);
      expect(parsed.stores.map(({ name }) => name)).toEqual(proposal.content.stores.map(({ name }) => name));
    }),
    { numRuns: 150 },
  );
});
