import { stringify } from 'yaml';
import { least, parse, failureOf } from './platform-file-samples.ts';

describe('a file that cannot be read as a platform file', () => {
  test('all faults at once, a line each', () => {
    const text = stringify({ ...least, platform: 7, catalog: {}, smoke: 'yes' });
    const lines = failureOf(() => parse(text)).message.split('\n');
    expect(lines.slice(1)).toHaveLength(3);
  });

  test('an empty file, and one that is only a text', () => {
    expect(failureOf(() => parse('')).message).toContain('(the whole file)');
    expect(failureOf(() => parse('hello')).message).toContain('(the whole file): found a text');
  });

  test('malformed YAML by line and column, without the text of the file', () => {
    const text = 'platform: demo\ncatalogue:\n  secretKey: hunter2\n   path: [\n';
    const failure = failureOf(() => parse(text));
    expect(failure.kind).toBe('InvalidPlatformFile');
    expect(failure.message).toMatch(/line \d+, column \d+: not valid YAML/);
    expect(failure.message).not.toContain('hunter2');
  });

  test('keys that stand several times, each with all its lines, without what stands there', () => {
    const text = [
      'platform: demo',
      'stores:',
      '  - name: documents',
      '    port: 9200',
      '    password: hunter2',
      '    port: 9201',
      '    port: 9202',
      'catalogue: {}',
      'platform: other',
    ].join('\n');
    const { message, kind } = failureOf(() => parse(text));
    expect(kind).toBe('InvalidPlatformFile');
    expect(message.split('\n').slice(1)).toEqual([
      '  lines 1 and 9: the key "platform" stands here twice; keep one of them',
      '  lines 4 and 6 and 7: the key "port" stands here 3 times; keep one of them',
    ]);
    expect(message).not.toContain('hunter2');
  });

  test('an alias without its anchor', () => {
    expect(failureOf(() => parse('platform: *nowhere\n')).message).toContain('not valid YAML');
  });

  test('names in ${…} that the environment does not have, all of them, each once', () => {
    const failure = failureOf(() => parse(stringify({ ...least, platform: '${A_B} ${C} ${C}' }), { A_B: '' }));
    expect(failure.kind).toBe('MissingSecret');
    expect(failure.message).toMatch(/environment has no C$/);
    expect(failure.remedy).toContain('Set it');
  });
});
