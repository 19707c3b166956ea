import { threatsTo, type LifecycleRule } from '../../../domain/recovery-points/lifecycle-rules.ts';

const rule = (change: Partial<LifecycleRule> = {}): LifecycleRule => ({
  id: 'clean',
  enabled: true,
  prefix: '',
  tagged: false,
  expires: 'after 30 days',
  movesTo: [],
  ...change,
});

test.each([
  ['the whole bucket', rule(), ['the rule "clean" deletes objects after 30 days']],
  ['a folder above', rule({ prefix: 'es' }), ['the rule "clean" (prefix es) deletes objects after 30 days']],
  [
    'a folder below',
    rule({ prefix: 'es/indices/' }),
    ['the rule "clean" (prefix es/indices/) deletes objects after 30 days'],
  ],
  [
    'an archive',
    rule({ expires: undefined, movesTo: [{ storageClass: 'DEEP_ARCHIVE', when: 'after 1 day' }] }),
    ['the rule "clean" moves objects to DEEP_ARCHIVE after 1 day'],
  ],
  ['another folder', rule({ prefix: 'logs/' }), []],
  ['a folder whose name begins alike', rule({ prefix: 'es2/' }), []],
  ['a disabled one', rule({ enabled: false }), []],
  ['tagged objects', rule({ tagged: true }), []],
  [
    'a class that is read at once',
    rule({
      expires: undefined,
      movesTo: [
        { storageClass: 'GLACIER_IR', when: 'after 1 day' },
        { storageClass: 'STANDARD_IA', when: 'after 1 day' },
      ],
    }),
    [],
  ],
  ['neither', rule({ expires: undefined }), []],
])('%s', (_, one, threats) => {
  expect(threatsTo('es/', [one])).toEqual(threats);
});

test('a repository at the top of its bucket is under every rule', () => {
  expect(threatsTo('', [rule({ prefix: 'logs/' }), rule({ id: 'b' })])).toHaveLength(2);
});
