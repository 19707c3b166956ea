import { parse } from 'yaml';
import { placedInBucket, placedInFolder } from '../../../operations/archives/placed-text.ts';

const text = `# Who to call: the platform team
platform: nuvla
catalogue:
  kind: s3
  bucket: old
  prefix: old/
  endpoint: https://old.example.org
  accessKey: {file: /run/secrets/access}   # the reader's
  secretKey: {file: /run/secrets/secret}
stores:
  - name: documents
    kind: elasticsearch
    repository:
      name: s3_backup
      type: s3
      settings: {bucket: old-es, base_path: es, max_restore_bytes_per_sec: 100mb}
  - {name: jobs, kind: zookeeper-queue}
`;

test('a folder: the catalogue moves, the repository stays as the nodes know it', () => {
  const placed = placedInFolder(text, '/srv/rekindle');
  expect(placed.text).toContain('# Who to call: the platform team');
  expect(parse(placed.text)).toMatchObject({
    catalogue: { kind: 'directory', path: '/srv/rekindle/catalogue' },
    stores: [{ repository: { settings: { bucket: 'old-es' } } }, { name: 'jobs' }],
  });
  expect(placed.notes).toEqual([expect.stringContaining('/srv/rekindle/repositories/documents')]);
});

test('a bucket: both move, secrets keep their names, other settings stay', () => {
  const place = { bucket: 'new', prefix: 'nuvla/', endpoint: 'http://s3:9000', region: 'us-east-1' };
  expect(parse(placedInBucket(text, place).text)).toEqual({
    platform: 'nuvla',
    catalogue: {
      kind: 's3',
      bucket: 'new',
      prefix: 'nuvla/catalogue/',
      endpoint: 'http://s3:9000',
      region: 'us-east-1',
      accessKey: { file: '/run/secrets/access' },
      secretKey: { file: '/run/secrets/secret' },
    },
    stores: [
      {
        name: 'documents',
        kind: 'elasticsearch',
        repository: {
          name: 's3_backup',
          type: 's3',
          settings: {
            bucket: 'new',
            base_path: 'nuvla/repositories/documents',
            max_restore_bytes_per_sec: '100mb',
            endpoint: 'http://s3:9000',
          },
        },
      },
      { name: 'jobs', kind: 'zookeeper-queue' },
    ],
  });
});

test('what is no platform file is refused', () => {
  for (const other of ['- a list', '{', 'text'])
    expect(() => placedInFolder(other, '/srv')).toThrow('its platform.yaml is no platform file');
});
