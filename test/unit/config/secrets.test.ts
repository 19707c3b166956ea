import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { resolveSecret, resolveSecrets } from '../../../config/secrets.ts';

let folder: string;
const at = (name: string) => ({ file: join(folder, name) });
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rekindle-secrets-'));
  await writeFile(join(folder, 'key'), 'a value \r\n');
  await writeFile(join(folder, 'two'), 'one\n\n');
  await writeFile(join(folder, 'empty'), '\n');
});
afterAll(() => rm(folder, { recursive: true }));

test('comes from a file, without the line break at its end and nothing else', async () => {
  expect(await resolveSecret(at('key'), 'x', {})).toBe('a value ');
  expect(await resolveSecret(at('two'), 'x', {})).toBe('one\n');
});

test('comes from the environment', async () => {
  expect(await resolveSecret({ env: 'TOKEN' }, 'x', { TOKEN: 'value' })).toBe('value');
});

test.each([
  ['is not set', () => ({ env: 'NOWHERE' })],
  ['is empty', () => ({ env: 'EMPTY' })],
  ['is empty', () => at('empty')],
  ['does not exist', () => at('nowhere')],
  ['cannot be read', () => ({ file: folder })],
])('a secret whose place %s is named with purpose and place', async (why, reference) => {
  const place = reference();
  const failure = resolveSecret(place, 'catalogue.secretKey', { EMPTY: '' });
  await expect(failure).rejects.toMatchObject({
    kind: 'MissingSecret',
    message: expect.stringMatching(/catalogue\.secretKey/) as string,
    remedy: expect.stringContaining('reference') as string,
  });
  await expect(failure).rejects.toThrow(why);
  await expect(failure).rejects.toThrow(Object.values(place)[0]);
});

test('several at once: all missing ones are reported together, without any value', async () => {
  const secrets = resolveSecrets({ good: at('key'), bad: at('nowhere'), worse: { env: 'NOWHERE' } }, {});
  await expect(secrets).rejects.toMatchObject({ kind: 'MissingSecret' });
  await expect(secrets).rejects.toThrow(/2 secrets.*\n.*"bad".*\n.*"worse"/);
  await expect(secrets).rejects.not.toThrow('a value');
  expect(await resolveSecrets({ good: at('key') }, {})).toEqual({ good: 'a value ' });
});
