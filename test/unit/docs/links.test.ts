import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { anchorsOf, filesOf, partsOf, project, textOf } from '../../markdown.ts';

const pages = filesOf('.md');

describe('links of a page lead somewhere', () => {
  test.each(pages)('%s', (page) => {
    expect(brokenLinks(page, textOf(page))).toEqual([]);
  });

  test('a link to a missing page, folder or heading is found', () => {
    const page = '[a](absent.md) [b](../README.md#absent) [c](../README.md) [d](#here) [e](#absent)\n\n## Here\n';
    expect(brokenLinks('setup/page.md', page)).toEqual(['absent.md', '../README.md#absent', '#absent']);
  });
});

// Messages, alerts and comments name pages by their path from the project's root.
test('pages that code and configuration name exist, with their headings', () => {
  const missing = filesOf('.ts', '.mjs', '.json', '.yaml', '.yml', 'Dockerfile').flatMap((file) =>
    [...textOf(file).matchAll(/\bdocs\/[\w./-]+\.md(?:#[\w-]+)?/g)]
      .filter(([link]) => !resolves(link))
      .map(([link]) => `${file}: ${link}`),
  );
  expect(missing).toEqual([]);
});

function brokenLinks(page: string, text: string): string[] {
  const prose = partsOf(text)
    .prose.join('\n')
    .replace(/`[^`\n]*`/g, '');
  const inline = [...prose.matchAll(/\]\(([^)\s]+)(?: "[^"]*")?\)/g)];
  const named = [...prose.matchAll(/^\[[^\]]+\]:\s*(\S+)/gm)];
  return [...inline, ...named]
    .map(([, link]) => link ?? '')
    .filter((link) => !/^[a-z]+:/.test(link))
    .filter(
      (link) => !(link.startsWith('#') ? anchorsOf(text).has(link.slice(1)) : resolves(join(dirname(page), link))),
    );
}

/** A path from the project's root, with a heading's anchor or without. */
function resolves(link: string): boolean {
  const [path = '', anchor] = link.split('#');
  if (!existsSync(join(project, path))) return false;
  return anchor === undefined || (path.endsWith('.md') && anchorsOf(textOf(path)).has(anchor));
}
