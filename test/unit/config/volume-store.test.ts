import { volumeStore } from '../../../config/platform-schema/volume.ts';

const least = { name: 'uploads', kind: 'volume', path: '/srv/uploads' };

test('a name and a path are enough', () => {
  expect(volumeStore.parse(least)).toEqual({
    ...least,
    service: 'uploads',
    exclude: [],
    silenceSeconds: 600,
    backupTimeoutSeconds: 21_600,
    restoreTimeoutSeconds: 21_600,
  });
});

test('what is left out, and whose container it is', () => {
  const store = volumeStore.parse({ ...least, service: 'web', exclude: ['cache', 'tmp/sessions', '..hidden', 'a b'] });
  expect(store).toMatchObject({ service: 'web', exclude: ['cache', 'tmp/sessions', '..hidden', 'a b'] });
});

test.each<[object, string, string]>([
  [{ path: 'srv' }, 'path', 'must be an absolute path within the container'],
  [{ exclude: ['/srv/uploads/cache'] }, 'exclude.0', 'must be a path below "path", without / at its ends'],
  [{ exclude: ['cache/'] }, 'exclude.0', 'must be a path below "path"'],
  [{ exclude: ['a/../../b'] }, 'exclude.0', 'must be a path below "path"'],
  [{ exclude: ['.'] }, 'exclude.0', 'must be a path below "path"'],
  [{ port: 80 }, '', 'Unrecognized key'],
])('%j is refused in one sentence', (change, path, words) => {
  const { error } = volumeStore.safeParse({ ...least, ...change });
  expect(error?.issues).toHaveLength(1);
  expect(error?.issues[0]?.path.join('.')).toBe(path);
  expect(error?.issues[0]?.message).toContain(words);
});
