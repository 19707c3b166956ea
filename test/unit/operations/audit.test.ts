import { appendFile, mkdtemp, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rememberSecret } from '../../../config/redaction.ts';
import { openAuditLog, type Audited } from '../../../operations/access/audit.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rkt-audit-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const file = () => join(folder, 'audit.jsonl');
const action = (subject: string, more: Partial<Audited> = {}): Audited => ({
  caller: { name: 'alice', role: 'approver', method: 'token' },
  action: 'approve',
  subject,
  outcome: 'done',
  ...more,
});
const lines = async () => (await readFile(file(), 'utf8')).trimEnd().split('\n');
const rewrite = (edited: string[]) => writeFile(file(), `${edited.join('\n')}\n`);

async function written(count: number) {
  const log = openAuditLog(folder);
  for (let number = 1; number <= count; number++) await log.append(action(`run-${number}`));
  return log;
}

test('entries are numbered, chained, and read newest first', async () => {
  const log = await written(3);
  expect(await log.newest(2)).toMatchObject([
    { number: 3, subject: 'run-3' },
    { number: 2, subject: 'run-2' },
  ]);
  const [newest] = await log.newest(1);
  expect(await log.verify()).toEqual({ entries: 3, faults: [], lastHash: newest?.hash });
  expect((await stat(file())).mode & 0o777).toBe(0o600);
});

test('no log yet: nothing to read, and a whole chain', async () => {
  expect(await openAuditLog(folder).newest(5)).toEqual([]);
  expect(await openAuditLog(folder).verify()).toEqual({ entries: 0, faults: [] });
});

test('a line that was changed, removed or moved breaks the chain', async () => {
  const log = await written(4);
  const [first = '', second = '', third = '', fourth = ''] = await lines();
  await rewrite([first, second.replace('alice', 'mallory'), third, fourth]);
  expect((await log.verify()).faults).toEqual([expect.stringContaining('line 2: entry 2') as string]);
  await rewrite([first, third, fourth]);
  expect((await log.verify()).faults).toEqual(['line 2: 1 entry is missing before entry 3']);
  await rewrite([first, third, second, fourth]);
  expect((await log.verify()).faults).toHaveLength(3);
  await rewrite([first, 'nonsense', second, third, fourth]);
  expect((await log.verify()).faults).toEqual(['line 2 is no entry']);
  await rewrite([second, third, fourth]);
  expect((await log.verify()).faults).toEqual(['line 1: 1 entry is missing before entry 2']);
});

test('twenty writers at once make one chain', async () => {
  await Promise.all(Array.from({ length: 20 }, (_, index) => openAuditLog(folder).append(action(`run-${index}`))));
  expect(await openAuditLog(folder).verify()).toMatchObject({ entries: 20, faults: [] });
});

test('a line that a crash cut off was never acknowledged: the chain goes on after it', async () => {
  const log = await written(2);
  await appendFile(file(), '{"number":3,"at":"2026');
  await log.append(action('run-3'));
  expect(await log.verify()).toMatchObject({ entries: 3, faults: [] });
});

test('the lock of a process that died is taken over', async () => {
  const lock = `${file()}.lock`;
  await writeFile(lock, '');
  await utimes(lock, new Date(0), new Date(0));
  await Promise.all([openAuditLog(folder).append(action('a')), openAuditLog(folder).append(action('b'))]);
  expect(await openAuditLog(folder).verify()).toMatchObject({ entries: 2, faults: [] });
});

test('no secret that this process knows, and nothing endless, gets into the log', async () => {
  rememberSecret('hunter2-of-the-bucket');
  const log = openAuditLog(folder);
  await log.append(action('run', { outcome: 'failed', text: `key hunter2-of-the-bucket ${'x'.repeat(1_000_000)}` }));
  await log.append(action('run', { text: `rkd_${'A'.repeat(43)}` }));
  const text = await readFile(file(), 'utf8');
  expect(text).not.toMatch(/hunter2|rkd_A/);
  expect(text.length).toBeLessThan(10_000);
});

test('a file of somebody else is not continued', async () => {
  await writeFile(file(), 'one\ntwo\nthree\n');
  await expect(openAuditLog(folder).append(action('run'))).rejects.toMatchObject({ kind: 'InvalidArgument' });
});
