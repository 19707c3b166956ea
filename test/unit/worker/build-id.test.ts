import { buildIdOf, digestOf } from '../../../worker/build-id.ts';

const code = 'var __TEMPORAL__;\nmodule.exports = 1;\n';

test('the digest is that of the code, wherever it was built', () => {
  const built = (folder: string) => `${code}//# sourceMappingURL=data:application/json;base64,${folder}`;
  expect(digestOf(built('here'))).toMatch(/^[0-9a-f]{12}$/);
  expect(digestOf(built('here'))).toBe(digestOf(built('there')));
  expect(digestOf(built('here'))).not.toBe(digestOf(built('here').replace('exports = 1', 'exports = 2')));
});

test('sources have no digest', async () => {
  expect(await buildIdOf('0.1.0')).toBe('0.1.0+sources');
});
