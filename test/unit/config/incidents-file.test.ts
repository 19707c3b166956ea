// cspell:ignore nuvlla cret
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadMappingFile, parseIncidentsFile } from '../../../config/incidents-file.ts';
import type { Failure } from '../../../domain/failures.ts';

const complete = `
sources:
  pagerduty:
    keys: [{ file: /run/secrets/pd-new }, { env: PD_OLD }]
    apiToken: { env: PD_TOKEN }
    from: oncall@example.org
    changeKey: { env: PD_CHANGES }
  alertmanager:
    basic: { user: prometheus, password: { env: AM_PASSWORD } }
  opsgenie:
    bearer: { env: OG }
  generic:
    bearer: [{ env: NEW }, { env: OLD }]
    callback: { url: 'https://tickets.example.org/rekindle', token: { env: TICKETS } }
rules:
  - { source: alertmanager, match: { alertname: /^Elasticsearch/, severity: critical }, platform: nuvla, action: restore }
  - { match: { service: Nuvla }, platform: { label: instance }, action: check }
`;

const parse = (text: string) => parseIncidentsFile(text, 'incidents.yaml', {});
const faultsOf = (text: string): string => {
  try {
    parse(text);
  } catch (error) {
    return (error as Failure).message;
  }
  return '';
};
const withRules = (rules: string, sources = 'generic: { bearer: { env: TOKEN } }') =>
  `sources: { ${sources} }\nrules:\n${rules}`;

test('a complete file: defaults filled in, one secret or several as a list', () => {
  const { sources, rules } = parse(complete);
  expect(sources.pagerduty).toMatchObject({ apiUrl: 'https://api.pagerduty.com', from: 'oncall@example.org' });
  expect(sources.alertmanager?.basic?.password).toEqual([{ env: 'AM_PASSWORD' }]);
  expect(sources.generic?.bearer).toEqual([{ env: 'NEW' }, { env: 'OLD' }]);
  expect(rules[0]?.match).toEqual([
    { label: 'alertname', value: /^Elasticsearch/ },
    { label: 'severity', value: 'critical' },
  ]);
});

test.each<[string, string, string]>([
  ['an unknown key', complete.replace('keys:', 'key:'), 'sources.pagerduty.key: unknown key; did you mean "keys"?'],
  [
    'a secret in place of its reference',
    withRules('  - { platform: a, action: check }', 'generic: { bearer: s3cret }'),
    'sources.generic.bearer: found a text; expected a reference { file: /path } or { env: NAME }, or a list of them',
  ],
  [
    'two ways for Alertmanager',
    withRules('  - { platform: a, action: check }', 'alertmanager: { bearer: { env: A }, mtls: true }'),
    'sources.alertmanager: expected exactly one of bearer, basic and mtls',
  ],
  [
    'no way for Alertmanager',
    withRules('  - { platform: a, action: check }', 'alertmanager: {}'),
    'sources.alertmanager: expected exactly one of bearer, basic and mtls',
  ],
  ['no source', 'sources: {}\nrules: [{ platform: a, action: check }]', 'sources: names no source'],
  ['no rules', withRules('').replace('rules:\n', 'rules: []'), 'rules: found a list; expected at least 1 entry'],
  [
    'an action that does not exist',
    withRules('  - { platform: a, action: reboot }'),
    'rules[0].action: found a text; expected one of check, backup, restore',
  ],
  [
    'a broken regular expression',
    withRules('  - { match: { a: "/(/" }, platform: a, action: check }'),
    'rules[0].match.a: is no regular expression: Unterminated group',
  ],
  [
    'a rule for a source that is not taken',
    withRules('  - { source: opsgenie, platform: a, action: check }'),
    'rules[0].source: "opsgenie" is not among sources, so nothing of it is taken',
  ],
  [
    'a rule that is never used',
    withRules(
      '  - { platform: a, action: check }\n  - { match: { severity: critical }, platform: a, action: restore }',
    ),
    'rules[1]: is never used: whatever fits it fits rules[0] before',
  ],
  [
    'notes without an author',
    complete.replace('    from: oncall@example.org\n', ''),
    'sources.pagerduty.from: missing; apiToken needs the e-mail address of a PagerDuty user',
  ],
])('%s is refused with its place and what to write', (_, text, fault) => {
  expect(faultsOf(text)).toContain(fault);
});

describe('with platform files', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rkt-incidents-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const load = async (text: string | undefined, given = true) => {
    const path = join(folder, 'incidents.yaml');
    if (text !== undefined) await writeFile(path, text);
    return loadMappingFile({ incidentsFile: { path, given }, platformsFolder: folder, variables: {} });
  };

  test('a rule for a platform without a file is refused with the nearest name', async () => {
    await writeFile(join(folder, 'nuvla.yaml'), '');
    await expect(load(withRules('  - { platform: nuvlla, action: check }'))).rejects.toMatchObject({
      kind: 'InvalidIncidentsFile',
      message: expect.stringContaining(
        'rules[0].platform: there is no platform file "nuvlla.yaml"; did you mean "nuvla"?',
      ) as string,
    });
    const loaded = await load(withRules('  - { platform: nuvla, action: check }'));
    expect([...(loaded?.platforms ?? [])]).toContain('nuvla');
  });

  test('without a file no incidents are taken, unless a file was named', async () => {
    await expect(load(undefined, false)).resolves.toBeUndefined();
    await expect(load(undefined)).rejects.toMatchObject({ message: expect.stringContaining('ENOENT') as string });
  });
});
