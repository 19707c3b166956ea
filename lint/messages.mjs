#!/usr/bin/env node
/*
 * Refuses messages and remedies that do not follow CONTRIBUTING.md ("Messages"): they begin with a capital letter and do
 * not end in a full stop. `node lint/messages.mjs [<project folder>]`
 *
 * Checked: texts that stand as `message:` or `remedy:`, the evidence and remedy given to `passed`, `warned`, `failed` and
 * `inconclusive`, and the text given to `refuse`. What begins with a name (`${…}`, a quotation, a command, an identifier) may begin in lower case.
 */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const productFolders = [
  'activities',
  'cli',
  'client',
  'config',
  'domain',
  'gateway',
  'operations',
  'page',
  'systems',
  'worker',
  'workflows',
];
/** What is wrong with a value there follows the key that holds it. */
const fragments = new Set(['config/platform-schema', 'config/incidents-schema', 'domain/schedule']);
const textProperties = new Set(['message', 'remedy']);
/** Which arguments of these functions are texts for people. */
const textArguments = new Map([
  ['passed', [1]],
  ['warned', [1, 2]],
  ['failed', [1, 2]],
  ['inconclusive', [1, 2]],
  ['refuse', [0]],
]);
/** Commands that a remedy may begin with. */
const commands = new Set(['chmod', 'docker', 'npm', 'rekindle', 'temporal']);

const root = process.argv[2] ?? fileURLToPath(new URL('..', import.meta.url));
const problems = productFolders
  .filter((folder) => existsSync(join(root, folder)))
  .flatMap(sources)
  .flatMap(problemsIn);
for (const problem of problems) console.error(problem);
process.exitCode = problems.length > 0 ? 1 : 0;

function sources(folder) {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = posix.join(folder, entry.name);
    if (fragments.has(path)) return [];
    if (entry.isDirectory()) return sources(path);
    return /\.tsx?$/.test(path) && !path.endsWith('.d.ts') ? [path] : [];
  });
}

function problemsIn(file) {
  const source = ts.createSourceFile(file, readFileSync(join(root, file), 'utf8'), ts.ScriptTarget.Latest, true);
  const found = [];
  const visit = (node) => {
    for (const text of textsOf(node)) {
      const fault = faultOf(text);
      if (fault === undefined) continue;
      const { line } = source.getLineAndCharacterOfPosition(text.getStart());
      found.push(`${file}:${line + 1}: ${fault}: ${text.getText().slice(0, 100)}`);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function textsOf(node) {
  if (ts.isPropertyAssignment(node) && textProperties.has(node.name.getText())) return literals(node.initializer);
  if (!ts.isCallExpression(node)) return [];
  return (textArguments.get(node.expression.getText()) ?? []).flatMap((at) => literals(node.arguments[at]));
}

/** The texts that an expression may give. */
function literals(node) {
  if (node === undefined) return [];
  if (ts.isStringLiteralLike(node) || ts.isTemplateExpression(node)) return [node];
  if (ts.isParenthesizedExpression(node)) return literals(node.expression);
  if (ts.isConditionalExpression(node)) return [...literals(node.whenTrue), ...literals(node.whenFalse)];
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.QuestionQuestionToken)
    return [...literals(node.left), ...literals(node.right)];
  return [];
}

function faultOf(text) {
  const first = ts.isTemplateExpression(text) ? text.head.text : text.text;
  const last = ts.isTemplateExpression(text) ? text.templateSpans.at(-1).literal.text : text.text;
  if (/\.$/.test(last) && !last.endsWith('…')) return 'ends in a full stop';
  // A complete word in lower case; a name has a digit, a dot, a dash or a capital in it, or goes on with what is inserted.
  const word = /^[a-z]+(?=[\s,:;]|$)/.exec(first)?.[0];
  if (word !== undefined && !commands.has(word)) return 'begins in lower case';
  return undefined;
}
