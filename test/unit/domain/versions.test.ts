import { checkVersions, faultOfVersions } from '../../../domain/versions.ts';

describe('versions', () => {
  test.each([
    ['8.19.3', '8.19.3', 8, 'pass', 'pass'],
    ['8.19.3', '8.19.1', 8, 'pass', 'pass'],
    ['8.10.4', '8.10.1', 8, 'fail', undefined],
    ['8.11.0', '8.19.3', 7, 'pass', 'pass'],
    ['8.19.3', '9.1.0', 8, 'pass', 'pass'],
    ['7.17.9', '8.19.3', 7, 'pass', 'pass'],
    ['8.19.3', '9.1.0', 7, 'pass', 'fail'],
    ['8.19.3', '8.11.0', 8, 'fail', undefined],
    ['9.1.0', '8.19.3', 9, 'fail', undefined],
    ['7.17.9', '9.1.0', 7, 'fail', undefined],
    ['8.19.3-SNAPSHOT', '8.19.3', 8, 'pass', 'pass'],
  ])('a snapshot of %s into %s, index of %i: %s, %s', (snapshot, target, major, version, created) => {
    const checks = checkVersions({ snapshot, target, created: { one: major } });
    expect(checks.map(({ verdict }) => verdict)).toEqual([version, created].filter(Boolean));
    for (const { verdict, remedy, warning } of checks)
      expect(remedy === '').toBe(verdict === 'pass' && warning !== true);
  });

  test('an older patch of the same minor is a warning for a copy, which touches nothing when it is refused', () => {
    expect(faultOfVersions('8.19.3', '8.19.1')).toBe('older patch');
    expect(faultOfVersions('8.10.4', '8.10.1')).toBe('older');
    expect(checkVersions({ snapshot: '9.2.1', target: '9.2.0', created: {} })[0]).toMatchObject({
      verdict: 'pass',
      warning: true,
      remedy: expect.stringContaining('bring the destination to 9.2.1') as string,
    });
  });

  test('what the source does not tell is a warning, and no refusal', () => {
    expect(checkVersions({ snapshot: '8.19.3', target: '8.19.3' })).toMatchObject([
      { verdict: 'pass' },
      { name: 'created versions', verdict: 'pass', warning: true },
    ]);
  });
});
