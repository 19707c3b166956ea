import { spawnSync } from 'node:child_process';
import { filesOf, partsOf, textOf } from '../../markdown.ts';

const pages = filesOf('.md').map((page) => ({ page, ...partsOf(textOf(page)) }));
const shell = pages.flatMap(({ page, blocks }) =>
  blocks.filter(({ language }) => language === 'sh').map((block) => ({ page, ...block })),
);

describe('shell blocks of the docs', () => {
  test.each(shell.map((block) => [`${block.page}:${block.line}`, block.text]))(
    '%s is what bash can read',
    (_, text) => {
      const { status, stderr } = spawnSync('bash', ['-n'], { input: text, encoding: 'utf8' });
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    },
  );

  // `<container>` would be a redirection: what a reader must fill in is a variable.
  test.each(shell.map((block) => [`${block.page}:${block.line}`, block.text]))('%s holds no placeholder', (_, text) => {
    expect(text.match(/(?<!\?)<[a-z][\w ]*>/g) ?? []).toEqual([]);
  });

  // Prettier reflows a block that only its indentation makes one, as soon as something before it changes.
  test.each(pages.map(({ page, prose }) => [page, prose] as const))(
    '%s fences all its blocks, and names their language',
    (page, prose) => {
      const indented = prose.filter((line, at) => /^ {4,}\S/.test(line) && prose[at - 1] === '' && !inList(prose, at));
      expect(indented).toEqual([]);
      const unnamed = pages.find((each) => each.page === page)?.blocks.filter(({ language }) => language === '') ?? [];
      expect(unnamed.map(({ line }) => `${page}:${line}`)).toEqual([]);
    },
  );
});

/** Whether a line belongs to a list's item, which indents what is in it. */
function inList(prose: readonly string[], at: number): boolean {
  const before = prose.slice(0, at).findLast((line) => /^\S/.test(line)) ?? '';
  return /^([-*]|\d+\.) /.test(before);
}
