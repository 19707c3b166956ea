import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const fine = [
  ['a sentence', "const text = { message: 'The bucket is gone', remedy: 'Create it' };"],
  ['a name first', 'const text = { message: `${name} is gone`, remedy: `"${name}" must be created` };'],
  ['a command or an identifier first', "const text = { message: 'index-7 is torn', remedy: 'docker start es' };"],
  ['what is no text', 'const text = { message: messageOf(error), remedy };'],
  ['another property', "const text = { note: 'waits.' };"],
] as const;
const faulty = [
  ["const text = { message: 'the bucket is gone' };", 'begins in lower case'],
  ["const text = { message: 'The bucket is gone.' };", 'ends in a full stop'],
  ['const text = { message: `The bucket ${name} is gone.` };', 'ends in a full stop'],
  ["const text = { remedy: gone ? 'Create it' : 'read the log' };", 'begins in lower case'],
  ["failed(name, 'The bucket is gone', 'Create it.');", 'ends in a full stop'],
  ["warned(name, there ?? 'it is gone', 'Create it');", 'begins in lower case'],
  ["refuse('there is no plan yet');", 'begins in lower case'],
] as const;

let problems: string[];
const problemsIn = (file: string) => problems.filter((problem) => problem.startsWith(`${file}:`));

// Once for all: starting it costs more than reading a file.
beforeAll(() => {
  const project = mkdtempSync(path.join(tmpdir(), 'rekindle-messages-'));
  try {
    mkdirSync(path.join(project, 'domain'));
    fine.forEach(([, text], index) => writeFileSync(path.join(project, `domain/fine-${index}.ts`), text));
    faulty.forEach(([text], index) => writeFileSync(path.join(project, `domain/faulty-${index}.ts`), text));
    const { stderr } = spawnSync(process.execPath, ['lint/messages.mjs', project], { encoding: 'utf8' });
    problems = stderr.split('\n').filter(Boolean);
  } finally {
    rmSync(project, { recursive: true });
  }
});

test.each(fine.map(([what], index) => [what, index] as const))('passes: %s', (_, index) => {
  expect(problemsIn(`domain/fine-${index}.ts`)).toEqual([]);
});

test.each(faulty.map(([text, fault], index) => [text, fault, index] as const))('refuses: %s', (_, fault, index) => {
  const file = `domain/faulty-${index}.ts`;
  expect(problemsIn(file)).toEqual([expect.stringContaining(`${file}:1: ${fault}: `) as string]);
});

test('nothing else is said', () => {
  expect(problems).toHaveLength(faulty.length);
});
