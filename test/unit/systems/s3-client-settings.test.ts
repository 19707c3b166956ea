import { s3ClientSettingsOf } from '../../../systems/elasticsearch/repository/s3-client-settings.ts';

const of = (container: Partial<Parameters<typeof s3ClientSettingsOf>[1]>) =>
  s3ClientSettingsOf('default', { arguments: [], environment: {}, ...container });

test.each([
  ['a variable', { environment: { 's3.client.default.endpoint': 'minio:9000', x: 'y' } }, { endpoint: 'minio:9000' }],
  ['a variable in capitals', { environment: { ES_SETTING_S3_CLIENT_DEFAULT_PROTOCOL: 'http' } }, { protocol: 'http' }],
  ['arguments', { arguments: ['run', '-E', 's3.client.default.region=eu-1'] }, { region: 'eu-1' }],
  ['one argument', { arguments: ['-Es3.client.default.region=eu-1'] }, { region: 'eu-1' }],
  ['the file, flat', { configuration: 's3.client.default.endpoint: h:1\n' }, { endpoint: 'h:1' }],
  ['the file, deep', { configuration: 's3:\n  client:\n    default: { endpoint: "h:1" }\n' }, { endpoint: 'h:1' }],
  ['an empty file', { configuration: '' }, {}],
  ['another client', { environment: { 's3.client.other.endpoint': 'h' } }, {}],
  ['a secret is none of them', { environment: { 's3.client.default.secret_key': 'x' } }, {}],
])('the settings of the s3 client: %s', (_, container, found) => {
  expect(of(container)).toEqual(found);
});

test('arguments come before variables, variables before the file', () => {
  const all = {
    arguments: ['-Es3.client.default.endpoint=a'],
    environment: { 's3.client.default.endpoint': 'b', 's3.client.default.region': 'b' },
    configuration: 's3.client.default: { endpoint: c, region: c, protocol: http }',
  };
  expect(of(all)).toEqual({ endpoint: 'a', region: 'b', protocol: 'http' });
});
