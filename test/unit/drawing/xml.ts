/** What a strict reader of XML makes of a document. */
export interface XmlElement {
  name: string;
  attributes: Record<string, string>;
  children: (XmlElement | string)[];
}

const names = '[A-Za-z_][\\w.:-]*';
const token = new RegExp(
  `<(?<end>/)?(?<name>${names})(?<attributes>(?:\\s+${names}="[^"<]*")*)\\s*(?<empty>/)?>|(?<text>[^<]+)`,
  'y',
);
const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };

/** Throws where the text is not well-formed XML, as far as our drawings use it: no comments, no CDATA, no prologue. */
export function parseXml(text: string): XmlElement {
  const forbidden = /[^\t\n\r -\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u.exec(text);
  if (forbidden) throw new Error(`a character that XML does not allow: ${JSON.stringify(forbidden[0])}`);
  const root: XmlElement = { name: '', attributes: {}, children: [] };
  const open = [root];
  token.lastIndex = 0;
  while (token.lastIndex < text.length) {
    const at = token.lastIndex;
    const groups = token.exec(text)?.groups;
    const parent = open.at(-1);
    if (groups === undefined || parent === undefined) throw new Error(`not XML: ${text.slice(at, at + 80)}`);
    const { end, name = '', attributes = '', empty, text: words } = groups;
    if (words !== undefined) parent.children.push(decoded(words));
    else if (end !== undefined) {
      if (parent.name !== name) throw new Error(`</${name}> ends <${parent.name}>`);
      open.pop();
    } else {
      const pairs = [...attributes.matchAll(/([\w.:-]+)="([^"]*)"/g)].map(([, key = '', value = '']) => [key, value]);
      if (new Set(pairs.map(([key]) => key)).size < pairs.length) throw new Error(`an attribute twice in <${name}>`);
      const element = {
        name,
        attributes: Object.fromEntries(pairs.map(([key = '', value = '']) => [key, decoded(value)])),
        children: [],
      };
      parent.children.push(element);
      if (empty === undefined) open.push(element);
    }
  }
  const elements = root.children.filter((child) => typeof child !== 'string');
  const [document, ...more] = elements;
  if (open.length > 1 || document === undefined || more.length > 0) throw new Error('not one document');
  return document;
}

function decoded(text: string): string {
  return text.replaceAll(/&([^;]*;?)/g, (reference, name: string) => {
    const sign = name.endsWith(';') ? entities[name.slice(0, -1)] : undefined;
    if (sign === undefined) throw new Error(`an unknown entity: ${reference}`);
    return sign;
  });
}

/** All elements of that name, in the order of the document. */
export function elementsOf(element: XmlElement, name: string): XmlElement[] {
  const within = element.children.flatMap((child) => (typeof child === 'string' ? [] : elementsOf(child, name)));
  return element.name === name ? [element, ...within] : within;
}

export function textOf({ children }: XmlElement): string {
  return children.map((child) => (typeof child === 'string' ? child : textOf(child))).join('');
}
