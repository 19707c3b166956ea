import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { filesOf, partsOf, project, textOf } from '../../markdown.ts';

/** A path in backticks that begins with one of the top folders is a file or folder of ours. */
const folders =
  'activities|bench|bin|chaos|cli|client|config|deploy|docs|domain|gateway|operations|setup|stack|systems|test|worker|workflows';
const path = new RegExp(`\`((?:${folders})/[\\w./-]*)\``, 'g');

const pages = filesOf('.md').filter((page) => pathsIn(page).length > 0);

function pathsIn(page: string): string[] {
  return [...partsOf(textOf(page)).prose.join('\n').matchAll(path)].map(([, named = '']) => named);
}

test('architecture and contributing guide name code', () => {
  expect(pages).toEqual(expect.arrayContaining(['CONTRIBUTING.md', 'docs/architecture.md']));
});

test.each(pages)('the files and folders that %s names exist', (page) => {
  // A page about tests names them from test/ on.
  const isThere = (named: string) => [named, join('test', named)].some((each) => existsSync(join(project, each)));
  expect(pathsIn(page).filter((named) => !isThere(named))).toEqual([]);
});
