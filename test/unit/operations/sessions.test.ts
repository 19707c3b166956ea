import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Caller } from '../../../domain/access.ts';
import { openSessions } from '../../../operations/access/sessions.ts';
import { openTokens } from '../../../operations/access/tokens.ts';

let folder: string;
let now = Date.parse('2026-11-28T00:00:00Z');
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rkt-sessions-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const clock = () => now;
const tokens = () => openTokens(folder, clock);
const open = () => openSessions(folder, tokens(), clock);
const ann: Caller = { name: 'ann', role: 'approver', method: 'oidc' };
const hours = (count: number) => (now += count * 3_600_000);

test('it lasts while it is used, seven days at most', async () => {
  const sessions = await open();
  const secret = await sessions.begin(ann);
  for (let used = 0; used < 16; used++) {
    expect(await sessions.find(secret)).toEqual(ann);
    hours(10);
  }
  hours(9);
  expect(await sessions.find(secret)).toBeUndefined();
});

test('twelve hours without a request end it, also across a restart', async () => {
  const first = await open();
  const [used, idle] = [await first.begin(ann), await first.begin(ann)];
  hours(8);
  await first.find(used);
  const second = await open();
  hours(8);
  expect(await second.find(used)).toEqual(ann);
  expect(await second.find(idle)).toBeUndefined();
});

test('the role is that of the token now; without the token it ends', async () => {
  const secret = await tokens().create({
    name: 'bob',
    role: 'approver',
    expiresAt: new Date(now + 7_200_000).toISOString(),
  });
  const kept = await tokens().find(secret);
  const sessions = await open();
  const session = await sessions.begin({ name: 'bob', role: 'viewer', method: 'token' }, kept?.hash);
  expect(await sessions.find(session)).toEqual({ name: 'bob', role: 'approver', method: 'token' });
  hours(3);
  expect(await sessions.find(session)).toBeUndefined();
});

test('one that was ended does not come back; nobody is found by its hash', async () => {
  const sessions = await open();
  const secret = await sessions.begin(ann);
  await sessions.end(secret);
  expect(await sessions.find(secret)).toBeUndefined();
  expect(await (await open()).find(secret)).toBeUndefined();
  await sessions.end(secret);
});

test.each(['', '{', '[["x", 1]]', 'null'])('a file that is damaged asks people to log in again: %s', async (text) => {
  await writeFile(join(folder, 'sessions.json'), text);
  const sessions = await open();
  expect(await sessions.find('x')).toBeUndefined();
  expect(await sessions.find(await sessions.begin(ann))).toEqual(ann);
});
