import { convert } from '../../../../config/es-s3-snapshot/convert.ts';
import { parsePlatform } from '../../../../config/platform-file.ts';

// As the old tool's own sample has it, with values of this test.
const sample = `
[aws_api_keys]
# Enter your keys here:
aws_access_key = the-access-key
aws_secret_key = very=secret

[aws_s3_config]
aws_region = us-west-2
s3_bucket_name = my-bucket
s3_base_path = backups  # the path inside the bucket

[elasticsearch_config]
ES_repository_name: my_snapshots
es_src_seed1 = 10.40.11.180:9200
#es_src_seed2 = a.b.c.d:9200
es_dest_seed1 = 10.40.101.198
es_dest_seed2 = https://10.40.101.224:9243
index_names = one, two ,three
snapshot_name = snapshot_1

[elastic_cloud]
shield_auth_username = admin
shield_auth_password = hidden
something = else
`;
const options = { name: 'old', secretFile: (secret: string) => `/private/${secret}` };

test('both sides become platform files that can be read', () => {
  const { platforms } = convert(sample, options);
  const [source, destination] = [platforms.source, platforms.destination].map((file) =>
    parsePlatform(JSON.stringify(file), 'old.yaml', {}),
  );
  expect(source).toMatchObject({
    platform: 'old-source',
    deployment: { kind: 'none' },
    stores: [
      {
        nodes: ['http://10.40.11.180:9200'],
        indices: ['one', 'two', 'three'],
        username: 'admin',
        password: { file: '/private/elasticsearch_password' },
        repository: { name: 'my_snapshots', settings: { bucket: 'my-bucket', base_path: 'backups' } },
      },
    ],
    catalogue: {
      kind: 's3',
      bucket: 'my-bucket',
      prefix: 'backups-rekindle',
      accessKey: { file: '/private/aws_access_key' },
    },
  });
  expect(destination).toMatchObject({
    platform: 'old-destination',
    stores: [
      {
        nodes: ['http://10.40.101.198:9200', 'https://10.40.101.224:9243'],
        repository: { settings: { base_path: 'backups-destination' } },
      },
    ],
  });
});

test('it says what it understood, and what it did not; no secret is said or written into a platform file', () => {
  const { understood, remarks, platforms, secrets } = convert(sample, options);
  expect(understood).toContain('indices: one, two, three');
  expect(remarks).toEqual(
    expect.arrayContaining([
      expect.stringContaining('took the comment for a part of the value'),
      'Not understood, and left out: elastic_cloud.something',
    ]),
  );
  expect(secrets).toEqual({
    aws_access_key: 'the-access-key',
    aws_secret_key: 'very=secret',
    elasticsearch_password: 'hidden',
  });
  const said = JSON.stringify([understood, remarks, platforms]);
  for (const secret of Object.values(secrets)) expect(said).not.toContain(secret);
});

test('one side alone, without user and keys', () => {
  const { platforms, understood, secrets } = convert(
    '[aws_s3_config]\ns3_bucket_name=b-1\n[elasticsearch_config]\nes_repository_name=r\nes_src_seed1=es:9200\n',
    options,
  );
  expect(platforms.destination).toBeUndefined();
  expect(secrets).toEqual({});
  expect(understood).toContain('indices: all');
});

test('another file is refused, and says what is missing', () => {
  expect(() => convert('[something]\na=b\n', options)).toThrow(
    expect.objectContaining({
      kind: 'InvalidArgument',
      message: expect.stringContaining('s3_bucket_name, elasticsearch_config.es_repository_name') as string,
    }) as Error,
  );
});
