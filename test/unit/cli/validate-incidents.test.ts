// cspell:ignore pagey
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CommandContext } from '../../../cli/command.ts';
import type { Output } from '../../../cli/output.ts';
import { validateIncidents } from '../../../cli/validate-incidents.ts';
import { readEnvironment } from '../../../config/environment.ts';
import { alert, alertmanager, pagerduty } from '../gateway/incidents/bodies.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rkt-validate-'));
  await writeFile(join(folder, 'nuvla.yaml'), '');
});
afterEach(() => rm(folder, { recursive: true }));

const file = `
sources:
  pagerduty: { keys: [{ env: PD }] }
  alertmanager: { bearer: { env: AM } }
rules:
  - { source: pagerduty, match: { service: /^Nuv/ }, platform: nuvla, action: restore }
  - { source: alertmanager, platform: { label: instance_platform }, action: check }
`;

async function validate(text: string, event?: object): Promise<{ code: number; said: string }> {
  const path = join(folder, 'incidents.yaml');
  await writeFile(path, text);
  if (event) await writeFile(join(folder, 'event.json'), JSON.stringify(event));
  let said = '';
  const variables = { REKINDLE_PLATFORMS: folder, REKINDLE_INCIDENTS_FILE: path, PD: 'key', AM: 'token' };
  const output = { say: (line: string) => (said += `${line}\n`), document: () => undefined } as unknown as Output;
  const context = { environment: readEnvironment(variables), output } as CommandContext;
  return { code: await validateIncidents(context, event && join(folder, 'event.json')), said };
}

test('what the file says, in words', async () => {
  const { code, said } = await validate(file);
  expect(code).toBe(0);
  expect(said).toContain('incidents of pagerduty, alertmanager:');
  expect(said).toContain('rules[0]: pagerduty, service ~ /^Nuv/ → restore of nuvla');
  expect(said).toContain(
    'rules[1]: alertmanager, whatever its labels → check of the platform in the label instance_platform',
  );
});

test.each<[string, object, number, string]>([
  ['PagerDuty', pagerduty('incident.triggered'), 0, 'meets rules[0]: restore of nuvla'],
  ['Alertmanager', alertmanager(alert('Down', '2026-01-31T03:00:00Z')), 0, 'meets rules[1]: check of nuvla'],
  [
    'another service',
    pagerduty('incident.triggered', { data: { service: { summary: 'Mail' } } }),
    1,
    'leads to nothing: no rule fits its labels\n  service: Mail',
  ],
  ['a ping', { event: { event_type: 'pagey.ping' } }, 1, 'The event is ignored'],
])('an event of %s: the rule that it meets', async (_, event, code, said) => {
  const found = await validate(file, event);
  expect(found.said).toContain(said);
  expect(found.code).toBe(code);
});

test('a secret that cannot be read, certificates that nobody asks for: refused', async () => {
  await expect(validate(file.replace('env: AM', 'env: NOPE'))).rejects.toMatchObject({
    kind: 'MissingSecret',
    message: 'The secret "sources.alertmanager.bearer" cannot be read: environment variable NOPE is not set',
  });
  await expect(validate(file.replace('bearer: { env: AM }', 'mtls: true'))).rejects.toMatchObject({
    message: expect.stringContaining('the gateway has no tls.clientCa') as string,
  });
});
