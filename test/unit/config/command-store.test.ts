import { commandStore } from '../../../config/platform-schema/command.ts';

const least = {
  name: 'policy',
  kind: 'command',
  export: ['policyctl', 'export'],
  import: ['policyctl', 'import'],
  verify: ['true'],
};

test('commands to export, to import and to verify are enough', () => {
  expect(commandStore.parse(least)).toMatchObject({
    service: 'policy',
    mode: 'override',
    export: { command: ['policyctl', 'export'], successCodes: [0] },
    import: { command: ['policyctl', 'import'], successCodes: [0] },
    environment: {},
  });
});

test("a mode's arguments are added to the import", () => {
  const modes = { 'skip-existing': ['--skip'], batch: ['--batch', '100'] };
  const store = commandStore.parse({ ...least, mode: 'batch', modes });
  expect(store.import.command).toEqual(['policyctl', 'import', '--batch', '100']);
});

test('exit codes that count as success are those that are given', () => {
  const store = commandStore.parse({ ...least, export: { command: ['x'], successCodes: [0, 3] } });
  expect(store.export).toEqual({ command: ['x'], successCodes: [0, 3] });
});

test.each<[string, object, string, string]>([
  ['a command as one text', { export: 'policyctl export' }, 'export', 'expected a list of a program and its arguments'],
  ['nothing that proves an import', { verify: undefined }, 'verify', 'name "count" or "verify"'],
  ['a way there, and none back', { keep: ['keep'] }, 'keep', '"keep", "putBack" and "release" belong together'],
  ['a mode that does not exist', { mode: 'merge' }, 'mode', 'expected one of "skip-existing"|"override"|"batch"'],
  ['a mode without its arguments', { modes: { batch: ['-b'] } }, 'modes', 'has no entry for the mode of this store'],
  [
    'an exit code that cannot be',
    { export: { command: ['x'], successCodes: [256] } },
    'export.successCodes.0',
    '<=255',
  ],
  ['a variable of Rekindle itself', { environment: { REKINDLE_RUN: 'x' } }, 'environment.REKINDLE_RUN', 'Invalid key'],
  ['an unknown key', { shell: true }, '', 'Unrecognized key: "shell"'],
])('%s is refused with one message that names the field', (_, change, path, message) => {
  const { error } = commandStore.safeParse({ ...least, ...change });
  expect(error?.issues).toHaveLength(1);
  expect(error?.issues[0]?.path.join('.')).toBe(path);
  expect(error?.issues[0]?.message).toContain(message);
});
