/** Tar's unit: headers have this size, contents are filled up to a multiple of it. */
export const blockBytes = 512;

/** What stands before an entry's content in a tar, as POSIX has it (ustar); a long name in a record before it (pax). */
export function tarHeader(name: string, bytes: number, secondsOfEpoch: number): Buffer {
  const plain = header({ name, bytes, secondsOfEpoch, type: '0' });
  if (plain !== undefined) return plain;
  const record = paxRecords({ path: name, ...(bytes > mostOctal && { size: String(bytes) }) });
  // What reads no pax sees a short name; whatever it is, it must not be the same for all.
  const short = Buffer.from(name)
    .subarray(-99)
    .toString('latin1')
    .replaceAll(/[^\w.-]/g, '_');
  const last = header({ name: short, bytes: bytes > mostOctal ? 0 : bytes, secondsOfEpoch, type: '0' });
  const before = header({ name: 'PaxHeader', bytes: record.length, secondsOfEpoch, type: 'x' });
  if (last === undefined || before === undefined) throw new RangeError(`No tar holds an entry like this: ${name}`);
  return Buffer.concat([before, record, padding(record.length), last]);
}

/** What fills an entry up to a whole block. */
export function padding(bytes: number): Buffer {
  return Buffer.alloc((blockBytes - (bytes % blockBytes)) % blockBytes);
}

/** Two empty blocks. */
export const tarEnd = Buffer.alloc(2 * blockBytes);

/** Eleven octal digits. */
const mostOctal = 0o77777777777;

interface Fields {
  name: string;
  bytes: number;
  secondsOfEpoch: number;
  type: '0' | 'x';
}

/** Undefined: it does not fit into one block. */
function header({ name, bytes, secondsOfEpoch, type }: Fields): Buffer | undefined {
  // oxlint-disable-next-line no-control-regex -- ASCII
  if (name.length > 100 || !/^[\u0000-\u007F]*$/.test(name) || bytes > mostOctal) return undefined;
  const block = Buffer.alloc(blockBytes);
  const octal = (value: number, digits: number) => `${value.toString(8).padStart(digits, '0')}\0`;
  block.write(name, 0, 'latin1');
  block.write(octal(0o600, 7), 100);
  block.write(octal(0, 7), 108);
  block.write(octal(0, 7), 116);
  block.write(octal(bytes, 11), 124);
  block.write(octal(secondsOfEpoch, 11), 136);
  block.write(' '.repeat(8), 148);
  block.write(type, 156);
  block.write('ustar\0', 257);
  block.write('00', 263);
  block.write(`${sumOf(block).toString(8).padStart(6, '0')}\0 `, 148);
  return block;
}

/** Tar's checksum; its own field counts as spaces. */
export function sumOf(block: Uint8Array): number {
  return block.reduce((sum, byte, at) => sum + (at >= 148 && at < 156 ? 0x20 : byte), 0);
}

/** `<length> <key>=<value>\n`; the length counts its own digits. */
function paxRecords(values: Record<string, string>): Buffer {
  const lines = Object.entries(values).map(([key, value]) => {
    const rest = ` ${key}=${value}\n`;
    const length = Buffer.byteLength(rest);
    let digits = String(length).length;
    if (String(length + digits).length > digits) digits += 1;
    return `${length + digits}${rest}`;
  });
  return Buffer.from(lines.join(''));
}
