import { buildIdOf, digestOf } from '../../../worker/build-id.ts';

const code = 'var __TEMPORAL__;\nmodule.exports = 1;\n';

test('the digest is that of the code, wherever it was built', () => {
  const built = (folder: string) => `${code}//# sourceMappingURL=data:application/json;base64,${folder}`;
  expect(digestOf(built('aGVyZQ=='))).toMatch(/^[0-9a-f]{12}$/);
  expect(digestOf(built('aGVyZQ=='))).toBe(digestOf(built('dGhlcmU=')));
  expect(digestOf(built('aGVyZQ=='))).not.toBe(digestOf(built('aGVyZQ==').replace('exports = 1', 'exports = 2')));
});

test('sources have no digest', async () => {
  expect(await buildIdOf('0.1.0')).toBe('0.1.0+sources');
});
