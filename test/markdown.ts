import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const project = fileURLToPath(new URL('../', import.meta.url));

const notOurs = new Set(['node_modules', 'dist', '.git', '.rekindle', 'histories']);

/** The project's files whose names end so, as paths from its root. */
export function filesOf(...endings: string[]): string[] {
  const walk = (folder: string): string[] =>
    readdirSync(join(project, folder), { withFileTypes: true }).flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return notOurs.has(entry.name) ? [] : walk(path);
      return entry.isFile() && endings.some((ending) => entry.name.endsWith(ending)) ? [path] : [];
    });
  return walk('').sort();
}

export const textOf = (path: string): string => readFileSync(join(project, path), 'utf8');

export interface Block {
  language: string;
  text: string;
  line: number;
}

/** A page in two parts: its prose, with the lines of code blocks left empty, and its fenced blocks. */
export function partsOf(page: string): { prose: string[]; blocks: Block[] } {
  const prose: string[] = [];
  const blocks: Block[] = [];
  let open: (Block & { indent: number }) | undefined;
  for (const [index, line] of page.split('\n').entries()) {
    const fence = /^( *)```(.*)$/.exec(line);
    if (open !== undefined) {
      if (fence === null) open.text += `${line.slice(open.indent)}\n`;
      else {
        blocks.push({ language: open.language, text: open.text, line: open.line });
        open = undefined;
      }
    } else if (fence !== null) {
      open = { language: (fence[2] ?? '').trim(), text: '', line: index + 2, indent: fence[1]?.length ?? 0 };
    }
    prose.push(open !== undefined || fence !== null ? '' : line);
  }
  if (open !== undefined) throw new Error(`The block that begins at line ${open.line} has no end.`);
  return { prose, blocks };
}

/** Anchors of a page's headings, as GitHub makes them. */
export function anchorsOf(page: string): Set<string> {
  const anchors = new Set<string>();
  for (const line of partsOf(page).prose) {
    const heading = /^#{1,6} (.+)$/.exec(line)?.[1];
    if (heading === undefined) continue;
    const plain = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase();
    const slug = plain.replace(/[^\p{L}\p{N} _-]/gu, '').replaceAll(' ', '-');
    let anchor = slug;
    for (let again = 1; anchors.has(anchor); again++) anchor = `${slug}-${again}`;
    anchors.add(anchor);
  }
  return anchors;
}
