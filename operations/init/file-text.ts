import { Document, isCollection, isMap, isNode, isPair, isScalar, stringify, type Node } from 'yaml';
import type { Place, Proposal, Remark } from '../../domain/init/proposal.ts';

const lineWidth = 116;

/** The proposal as the text of a platform file, its remarks as comments: `# ?` marks what a person must look at. */
export function platformFileOf({ content, remarks, suggestions }: Proposal, { source }: { source: string }): string {
  // Without anchors, which nobody would expect here.
  const document = new Document(content, { aliasDuplicateObjects: false });
  for (const remark of remarks) comment(document, remark);
  const head = `${oneLine(`Proposed by "rekindle init" from ${source}.`)}
# "?" marks what could not be known: look at each, then run "rekindle validate ${content.platform}". All keys: docs/reference/platform-file.md`;
  const tail = suggestions.map(({ text, content: block }) => {
    const yaml = stringify(block, { aliasDuplicateObjects: false, lineWidth: 0 }).trimEnd();
    return [...wrapped(text), ...yaml.split('\n')].map((line) => `# ${line}`).join('\n');
  });
  return `# ${head}\n${document.toString({ lineWidth: 0 })}${tail.map((block) => `\n${block}\n`).join('')}`;
}

/** Above the place where it stands; a place that is not there is said at the nearest one around it. */
function comment(document: Document, { at, text, open }: Remark): void {
  const node = nodeAt(document, at);
  if (node === undefined) return;
  const lines = wrapped(open ? `? ${text}` : text).map((line) => ` ${line}`);
  node.commentBefore = [...(node.commentBefore ? [node.commentBefore] : []), ...lines].join('\n');
}

/** The key of a mapping's entry, or an item of a list: what a comment stands above. */
function nodeAt(document: Document, at: Place): Node | undefined {
  let found: Node | undefined;
  let inside: unknown = document.contents;
  for (const part of at) {
    if (!isCollection(inside)) break;
    if (isMap(inside)) {
      // A comment above an entry that stands on one line with others would break the line.
      inside.flow = false;
      const pair = inside.items.find(({ key }) => (isScalar(key) ? key.value : key) === part);
      if (!isPair(pair) || !isNode(pair.key)) break;
      found = pair.key;
      inside = pair.value;
    } else {
      inside.flow = false;
      const item: unknown = inside.items[Number(part)];
      if (!isNode(item)) break;
      found = item;
      inside = item;
    }
  }
  return found;
}

const oneLine = (text: string) => text.replaceAll(/[\p{Cc}\u2028\u2029\ufeff]+/gu, ' ');

/** Lines of a comment; whatever the names in it hold, none of them ends the comment. */
function wrapped(text: string): string[] {
  const lines: string[] = [''];
  for (const word of oneLine(text).split(' ')) {
    const last = lines.at(-1) ?? '';
    if (last !== '' && last.length + word.length + 1 > lineWidth) lines.push(word);
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`;
  }
  return lines;
}
