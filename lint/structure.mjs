#!/usr/bin/env node
/*
 * Refuses imports against the table of folders (folders.mjs), folders that the table does not know, imports of files that do not
 * exist, cycles between files (imports of types count), a clock in domain/, and a table in docs/architecture.md that differs.
 * `node lint/structure.mjs [<project folder>]`
 *
 * It reads import statements as text, without a parser: Prettier writes them one way only.
 */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { mayImport, mayImportMore } from './folders.mjs';

const notOurs = new Set(['node_modules', 'dist', 'coverage']);
const importStatements = [
  /^(?:import|export)\s(?:[^'";]*?\sfrom\s)?'(\.[^']*)'/gm, // import … from, export … from, import for its effects
  /\b(?:import|require)\(\s*'(\.[^']*)'/g, // import(), import types, require()
];

const root = process.argv[2] ?? fileURLToPath(new URL('..', import.meta.url));
const imports = new Map(sources('').map((file) => [file, importsOf(file)]));
const problems = [...unknownFolders(), ...forbiddenImports(), ...cycles(), ...clocks(), ...staleTable()];
for (const problem of problems) console.error(problem);
process.exitCode = problems.length > 0 ? 1 : 0;

/** Paths from the project's folder, of files in folders; the settings of tools on top belong to no folder. */
function sources(folder) {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = posix.join(folder, entry.name);
    if (entry.isDirectory()) return entry.name.startsWith('.') || notOurs.has(entry.name) ? [] : sources(path);
    return folder !== '' && /\.([cm]?[jt]s|tsx)$/.test(entry.name) ? [path] : [];
  });
}

function importsOf(file) {
  const text = readFileSync(join(root, file), 'utf8');
  const specifiers = importStatements.flatMap((statement) => [...text.matchAll(statement)].map(([, path]) => path));
  return [...new Set(specifiers.map((path) => sourceOf(posix.join(posix.dirname(file), path))))];
}

/** Programs that run what was built mean the source. */
function sourceOf(path) {
  return path.replace(/^dist\/(.*)\.js$/, '$1.ts');
}

function unknownFolders() {
  const folders = new Set([...imports.keys()].map(folderOf));
  return [...folders]
    .filter((folder) => !(folder in mayImport))
    .map((folder) => `${folder}/: unknown folder; add it to lint/folders.mjs and docs/architecture.md`);
}

function forbiddenImports() {
  return [...imports].flatMap(([file, imported]) => {
    const from = folderOf(file);
    const allowed = [from, ...(mayImport[from] ?? []), ...(mayImportMore[file] ?? [])];
    return imported.flatMap((path) => {
      if (!existsSync(join(root, path))) return [`${file}: imports ${path}, which does not exist`];
      if (allowed.includes(folderOf(path))) return [];
      return [`${file}: imports ${path}, but ${from}/ must not import ${folderOf(path)}/ (docs/architecture.md)`];
    });
  });
}

/** Depth first: an import of a file that is being walked closes a cycle. */
function cycles() {
  const found = [];
  const walked = new Set();
  const walk = (file, trail) => {
    const start = trail.indexOf(file);
    if (start >= 0) found.push(`cycle: ${[...trail.slice(start), file].join(' → ')}`);
    if (start >= 0 || walked.has(file)) return;
    for (const next of imports.get(file) ?? []) walk(next, [...trail, file]);
    walked.add(file);
  };
  for (const file of imports.keys()) walk(file, []);
  return found;
}

/** Reading a time is pure; asking for the time is not. */
function clocks() {
  const asks = (file) => /\bnew Date\(\)|\bDate\.now\b/.test(readFileSync(join(root, file), 'utf8'));
  const inDomain = [...imports.keys()].filter((file) => folderOf(file) === 'domain');
  return inDomain.filter(asks).map((file) => `${file}: asks for the time; domain/ takes it as an argument`);
}

/** Its rows: folder, what it holds, what it may import. */
function staleTable() {
  const document = 'docs/architecture.md';
  const rows = readFileSync(join(root, document), 'utf8').matchAll(/^\| `([a-z]+)\/` .*\|([^|]*)\|$/gm);
  const columns = new Map([...rows].map(([, folder, column]) => [folder, column.trim()]));
  return Object.entries(mayImport).flatMap(([folder, names]) => {
    const column = columns.get(folder) ?? 'no such row';
    const documented = column.startsWith('all;') ? names : [...column.matchAll(/`([a-z]+)`/g)].map(([, name]) => name);
    if (columns.has(folder) && documented.toSorted().join() === names.toSorted().join()) return [];
    return [`${document}: ${folder}/: "${column}", but lint/folders.mjs has: ${names.join(', ') || 'nothing'}`];
  });
}

function folderOf(path) {
  return path.split('/')[0];
}
