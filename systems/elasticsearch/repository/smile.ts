/**
 * Reads one document of SMILE, the binary JSON in which Elasticsearch keeps a repository's metadata: objects, arrays,
 * texts, whole numbers, booleans, null and bytes. Throws an Error for what it does not know; never guesses.
 */
export function readSmile(bytes: Uint8Array): unknown {
  if (bytes[0] !== 0x3a || bytes[1] !== 0x29 || bytes[2] !== 0x0a) throw new Error('not SMILE: its header is missing');
  const flags = bytes[3] ?? 0;
  if (flags >> 4 !== 0 || (flags & sharedValues) !== 0) throw new Error(`SMILE with the flags ${flags} is not known`);
  return reader(bytes, 4).value();
}

const sharedValues = 0x02;
const endOfText = 0xfc;
const startArray = 0xf8;
const endArray = 0xf9;
const startObject = 0xfa;
const endObject = 0xfb;
/** Longer names are never shared; when so many are known, the list begins anew. */
const longestSharedName = 64;
const mostSharedNames = 1024;

function reader(bytes: Uint8Array, start: number) {
  let at = start;
  let names: string[] = [];
  const text = new TextDecoder('utf-8', { fatal: true });

  const next = (): number => {
    const byte = bytes[at++];
    if (byte === undefined) throw new Error('SMILE ends in the middle');
    return byte;
  };
  const take = (length: number): Uint8Array => {
    if (at + length > bytes.length) throw new Error('SMILE ends in the middle');
    return bytes.subarray(at, (at += length));
  };
  const textOf = (length: number) => text.decode(take(length));
  const longText = () => {
    const end = bytes.indexOf(endOfText, at);
    if (end < 0) throw new Error('SMILE ends in the middle');
    const found = textOf(end - at);
    at += 1;
    return found;
  };
  /** Seven bits a byte, six in the last one, which has the highest bit set. */
  const number = (): bigint => {
    let value = 0n;
    for (;;) {
      const byte = next();
      if (byte >= 0x80) return (value << 6n) | BigInt(byte & 0x3f);
      value = (value << 7n) | BigInt(byte);
    }
  };
  const signed = (value: bigint): number => Number(value & 1n ? -(value >> 1n) - 1n : value >> 1n);

  function name(token: number): string {
    if (token >= 0x40 && token <= 0x7f) return shared(token - 0x40);
    if (token >= 0x30 && token <= 0x33) return shared(((token & 0x03) << 8) | next());
    if (token === 0x20) return '';
    if (token === 0x34) return longText();
    const length = token >= 0x80 && token <= 0xbf ? token - 0x7f : token >= 0xc0 && token <= 0xf7 ? token - 0xbe : 0;
    if (length === 0) throw new Error(`SMILE's name 0x${token.toString(16)} is not known`);
    const found = textOf(length);
    if (length <= longestSharedName) names = names.length === mostSharedNames ? [found] : [...names, found];
    return found;
  }
  function shared(index: number): string {
    const found = names[index];
    if (found === undefined) throw new Error('SMILE refers to a name that it does not hold');
    return found;
  }

  function object(): Record<string, unknown> {
    const entries: [string, unknown][] = [];
    for (let token = next(); token !== endObject; token = next()) entries.push([name(token), value()]);
    return Object.fromEntries(entries);
  }
  function array(): unknown[] {
    const items: unknown[] = [];
    for (let token = next(); token !== endArray; token = next()) items.push(valueOf(token));
    return items;
  }

  function valueOf(token: number): unknown {
    if (token === startObject) return object();
    if (token === startArray) return array();
    if (token >= 0x40 && token <= 0x7f) return textOf(token - 0x3f);
    if (token >= 0x80 && token <= 0xbf) return textOf(token - 0x7e);
    if (token >= 0xc0 && token <= 0xdf) return signed(BigInt(token & 0x1f));
    if (token === 0x20) return '';
    if (token === 0x21) return null;
    if (token === 0x22 || token === 0x23) return token === 0x23;
    if (token === 0x24 || token === 0x25) return signed(number());
    if (token === 0xe0 || token === 0xe4) return longText();
    if (token === 0xfd) return take(Number(number()));
    if (token === 0xe8) return sevenBits(Number(number()));
    throw new Error(`SMILE's value 0x${token.toString(16)} is not known`);
  }
  /** Bytes seven bits at a time, the rest in a last byte; their content is of no use here. */
  const sevenBits = (length: number) => take(Math.ceil((length * 8) / 7));
  const value = (): unknown => valueOf(next());
  return { value };
}
