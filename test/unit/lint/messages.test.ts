import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

let project: string;

beforeEach(() => {
  project = mkdtempSync(path.join(tmpdir(), 'rekindle-messages-'));
  mkdirSync(path.join(project, 'domain'));
});
afterEach(() => {
  rmSync(project, { recursive: true });
});

function problemsIn(text: string): string[] {
  writeFileSync(path.join(project, 'domain/one.ts'), text);
  const { stderr } = spawnSync(process.execPath, ['lint/messages.mjs', project], { encoding: 'utf8' });
  return stderr.split('\n').filter(Boolean);
}

test.each([
  ['a sentence', "const text = { message: 'The bucket is gone', remedy: 'Create it' };"],
  ['a name first', 'const text = { message: `${name} is gone`, remedy: `"${name}" must be created` };'],
  ['a command or an identifier first', "const text = { message: 'index-7 is torn', remedy: 'docker start es' };"],
  ['what is no text', 'const text = { message: messageOf(error), remedy };'],
  ['another property', "const text = { note: 'waits.' };"],
])('passes: %s', (_, text) => {
  expect(problemsIn(text)).toEqual([]);
});

test.each([
  ["const text = { message: 'the bucket is gone' };", 'begins in lower case'],
  ["const text = { message: 'The bucket is gone.' };", 'ends in a full stop'],
  ['const text = { message: `The bucket ${name} is gone.` };', 'ends in a full stop'],
  ["const text = { remedy: gone ? 'Create it' : 'read the log' };", 'begins in lower case'],
  ["failed(name, 'The bucket is gone', 'Create it.');", 'ends in a full stop'],
  ["warned(name, there ?? 'it is gone', 'Create it');", 'begins in lower case'],
  ["refuse('there is no plan yet');", 'begins in lower case'],
])('refuses: %s', (text, fault) => {
  expect(problemsIn(text)).toEqual([expect.stringContaining(`domain/one.ts:1: ${fault}: `) as string]);
});
