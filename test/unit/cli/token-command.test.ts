import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { audit } from '../../../cli/commands/audit.ts';
import { token } from '../../../cli/commands/token.ts';
import { expiryOf } from '../../../cli/expiry.ts';
import type { Options } from '../../../cli/command.ts';
import { runCommand } from '../../run-command.ts';

let state: string;
beforeEach(async () => {
  state = await mkdtemp(join(tmpdir(), 'rkt-token-'));
});
afterEach(() => rm(state, { recursive: true }));

const tokens = (args: string[], options: Options = {}) => runCommand({ REKINDLE_STATE: state }, token, args, options);
const log = (args: string[], options: Options = { limit: '50' }) =>
  runCommand({ REKINDLE_STATE: state }, audit, args, options);

test('create shows the token once; list shows what is left of it; revoke ends it', async () => {
  const made = await tokens(['create'], { name: 'alice', role: 'approver', expires: '90d' });
  expect(made).toMatchObject({ exitCode: 0, documents: [{ name: 'alice', role: 'approver' }] });
  const [secret = ''] = made.said.split('\n');
  expect(secret).toMatch(/^rkd_/);
  const change = 'from now on the gateway asks everybody to log in';
  expect(made.said).toContain(change);
  const listed = await tokens(['list']);
  expect(listed.said).toMatch(/alice +approver/);
  expect(JSON.stringify(listed)).not.toContain(secret);
  expect(listed.documents).toEqual([{ tokens: [expect.not.objectContaining({ hash: expect.anything() as unknown })] }]);
  expect((await tokens(['create'], { name: 'bob', role: 'viewer' })).said).not.toContain(change);
  expect(await tokens(['revoke', 'bob'])).toMatchObject({ exitCode: 0 });
  expect(await tokens(['revoke', 'alice'])).toMatchObject({ exitCode: 0, documents: [{ revoked: 'alice' }] });
  expect((await tokens(['list'])).said).toContain('No token in');
});

test.each<[string[], Options, string]>([
  [['create'], { role: 'viewer' }, '--name is missing'],
  [['create'], { name: 'alice' }, '--role is missing'],
  [['create'], { name: 'al ice', role: 'viewer' }, '--name "al ice" is not a name for a token'],
  [['create', 'alice'], { role: 'viewer' }, '"token create" takes no "alice"'],
  [['create'], { name: 'alice', role: 'viewer', expires: 'soon' }, '--expires "soon" is neither a time nor a duration'],
  [['create'], { name: 'alice', role: 'viewer', expires: '2020-01-01' }, '--expires "2020-01-01" is in the past'],
  [['revoke'], {}, 'The name of the token is missing'],
  [['revoke', 'alice'], {}, 'There is no token "alice"'],
  [['list'], { role: 'viewer' }, '--role cannot be used with "token list"'],
])('bad input changes nothing: %j %j', async (args, options, message) => {
  const { failure } = await tokens(args, options);
  expect(failure).toMatchObject({ kind: 'InvalidArgument', message });
  expect((await tokens(['list'])).documents).toEqual([{ tokens: [] }]);
  expect((await log([])).said).toContain('Nothing in');
});

test('what the command line does to tokens is in the audit log, which it shows and verifies', async () => {
  await tokens(['create'], { name: 'alice', role: 'viewer' });
  await tokens(['revoke', 'alice']);
  const { said, documents } = await log([]);
  expect(said.split('\n')).toEqual([
    expect.stringMatching(/^NUMBER +AT +WHO/),
    expect.stringMatching(/^2 .* revoke token +alice +done$/),
    expect.stringMatching(/^1 .* create token +alice, viewer +done$/),
  ]);
  expect(documents).toMatchObject([{ entries: [{ number: 2 }, { number: 1 }] }]);
  expect(await log(['verify'])).toMatchObject({ exitCode: 0, documents: [{ verdict: 'pass', entries: 2 }] });
  const file = join(state, 'audit.jsonl');
  await writeFile(file, (await readFile(file, 'utf8')).replace('create token', 'revoke token'));
  const verdict = await log(['verify']);
  expect(verdict).toMatchObject({ exitCode: 1, documents: [{ verdict: 'fail' }] });
  expect(verdict.said).toContain('line 1: entry 1');
});

test.each(['0', '-1', 'x', '1e9'])('--limit %s is no count', async (limit) => {
  expect((await log([], { limit })).failure).toMatchObject({ kind: 'InvalidArgument' });
});

test.each([
  ['30m', '2026-11-28T00:30:00.000Z'],
  ['12h', '2026-11-28T12:00:00.000Z'],
  ['90d', '2027-02-26T00:00:00.000Z'],
  ['2027-01-31T00:00:00Z', '2027-01-31T00:00:00.000Z'],
  ['2027-01-31', '2027-01-31T00:00:00.000Z'],
])('--expires %s ends at %s', (given, expected) => {
  expect(expiryOf(given, Date.parse('2026-11-28T00:00:00Z'))).toBe(expected);
});
