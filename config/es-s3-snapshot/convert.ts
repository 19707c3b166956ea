import { Failure } from '../../domain/failures.ts';
import { readIni } from './read-ini.ts';

/** What a configuration file of the old tool, es-s3-snapshot, means here. */
export interface Converted {
  /** What was understood, one line each; no secret in it. */
  understood: string[];
  /** What a person must know or do. */
  remarks: string[];
  /** By platform, its file as data; secrets by reference. */
  platforms: { source?: object; destination?: object };
  /** By the name of the file that a platform file refers to. */
  secrets: Record<string, string>;
  indices: string[];
}

/** Key and section of all that the old tool reads. */
const known = {
  aws_api_keys: ['aws_access_key', 'aws_secret_key'],
  aws_s3_config: ['aws_region', 's3_bucket_name', 's3_base_path'],
  elasticsearch_config: [
    'es_repository_name',
    ...[1, 2, 3].flatMap((seed) => [`es_src_seed${seed}`, `es_dest_seed${seed}`]),
    'index_names',
    'snapshot_name',
  ],
  elastic_cloud: ['shield_auth_username', 'shield_auth_password'],
};

/**
 * `secretFile`: where a secret of that name will lie. Failure: InvalidArgument, when the file lacks what a copy needs.
 */
export function convert(
  text: string,
  { name, secretFile }: { name: string; secretFile: (secret: string) => string },
): Converted {
  const { sections, commented } = readIni(text);
  const at = (section: keyof typeof known, key: string) => {
    const value = sections[section]?.[key];
    return value === undefined || value === '' ? undefined : value;
  };
  const bucket = at('aws_s3_config', 's3_bucket_name');
  const repository = at('elasticsearch_config', 'es_repository_name');
  const seeds = (side: 'src' | 'dest') =>
    [1, 2, 3].flatMap((seed) => at('elasticsearch_config', `es_${side}_seed${seed}`) ?? []).map(urlOf);
  const [sources, destinations] = [seeds('src'), seeds('dest')];
  const lacks = [
    ...(bucket === undefined ? ['aws_s3_config.s3_bucket_name'] : []),
    ...(repository === undefined ? ['elasticsearch_config.es_repository_name'] : []),
    ...(sources.length + destinations.length === 0 ? ['elasticsearch_config.es_src_seed1 or es_dest_seed1'] : []),
  ];
  if (bucket === undefined || repository === undefined || lacks.length > 0)
    throw new Failure('InvalidArgument', {
      message: `This is no configuration file of es-s3-snapshot, or a part of it is missing: ${lacks.join(', ')}`,
      remedy: 'Name its es-s3-snapshot.conf, or write platform files by hand (docs/reference/platform-file.md)',
    });

  const region = at('aws_s3_config', 'aws_region');
  const basePath = at('aws_s3_config', 's3_base_path');
  const user = at('elastic_cloud', 'shield_auth_username');
  const indices = (at('elasticsearch_config', 'index_names') ?? '')
    .split(',')
    .map((index) => index.trim())
    .filter(Boolean);
  const secrets = Object.fromEntries(
    (
      [
        ['aws_access_key', at('aws_api_keys', 'aws_access_key')],
        ['aws_secret_key', at('aws_api_keys', 'aws_secret_key')],
        ['elasticsearch_password', user === undefined ? undefined : at('elastic_cloud', 'shield_auth_password')],
      ] as const
    ).flatMap(([secret, value]) => (value === undefined ? [] : [[secret, value]])),
  );
  const reference = (secret: string) => ({ file: secretFile(secret) });
  const hasKeys = secrets['aws_access_key'] !== undefined && secrets['aws_secret_key'] !== undefined;
  const platformOf = (side: 'source' | 'destination', nodes: string[]) => ({
    platform: `${name}-${side}`,
    stores: [
      {
        name: 'documents',
        kind: 'elasticsearch',
        nodes,
        ...(user !== undefined && {
          auth: { kind: 'basic', username: user, password: reference('elasticsearch_password') },
        }),
        ...(side === 'source' && indices.length > 0 && { indices }),
        repository: {
          // A cluster of its own never writes where the other one does.
          name: repository,
          type: 's3',
          settings: { bucket, base_path: side === 'source' ? (basePath ?? '') : `${basePath ?? ''}-destination` },
        },
        featureStates: 'none',
      },
    ],
    catalogue: {
      kind: 's3',
      bucket,
      prefix: `${basePath ?? ''}-rekindle`,
      ...(region !== undefined && { region }),
      ...(hasKeys && { accessKey: reference('aws_access_key'), secretKey: reference('aws_secret_key') }),
    },
  });
  const unknown = Object.entries(sections).flatMap(([section, keys]) =>
    Object.keys(keys)
      .filter((key) => !(known as Record<string, string[]>)[section]?.includes(key))
      .map((key) => `${section}.${key}`),
  );
  return {
    understood: [
      `source: ${sources.length === 0 ? 'none' : sources.join(', ')}`,
      `destination: ${destinations.length === 0 ? 'none' : destinations.join(', ')}`,
      `repository ${repository} in the bucket ${bucket}${basePath === undefined ? '' : `, below ${basePath}`}`,
      `indices: ${indices.length === 0 ? 'all' : indices.join(', ')}`,
      `user of Elasticsearch: ${user ?? 'none'}`,
      `keys for AWS: ${hasKeys ? 'in the file, now in private files of their own' : "none, so the environment's"}`,
    ],
    remarks: [
      ...(hasKeys
        ? [
            'The old tool sent the AWS keys with each request; now they belong into the keystore of every node, on both sides: elasticsearch-keystore add s3.client.default.access_key, and secret_key, then POST _nodes/reload_secure_settings',
          ]
        : []),
      ...(region === undefined
        ? []
        : [`Where the nodes need the region, it is a setting of theirs: s3.client.default.region: ${region}`]),
      ...commented.map(
        ({ section, key, withComment }) =>
          `${section}.${key}: the old tool took the comment for a part of the value ("${withComment}"); when its snapshots lie there, write it so`,
      ),
      ...(unknown.length > 0 ? [`Not understood, and left out: ${unknown.join(', ')}`] : []),
    ],
    platforms: {
      ...(sources.length > 0 && { source: platformOf('source', sources) }),
      ...(destinations.length > 0 && { destination: platformOf('destination', destinations) }),
    },
    secrets,
    indices,
  };
}

/** The old tool's seeds have no scheme. */
function urlOf(seed: string): string {
  if (/^https?:\/\//.test(seed)) return seed;
  return `http://${/:\d+$/.test(seed) ? seed : `${seed}:9200`}`;
}
