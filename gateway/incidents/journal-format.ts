import { crc32 } from 'node:zlib';

// One line for each record: a checksum, a blank, JSON. A line that is cut short or was changed is recognised.

export function encode(record: object): string {
  const json = JSON.stringify(record);
  return `${checksum(json)} ${json}\n`;
}

export interface Decoded {
  records: unknown[];
  /** Where the last good line ends: what follows was cut off by a crash. */
  goodBytes: number;
  /** Damaged lines before that. */
  damaged: number;
}

export function decode(bytes: Buffer): Decoded {
  const records: unknown[] = [];
  let [start, goodBytes, damaged, damagedSoFar] = [0, 0, 0, 0];
  for (let end = bytes.indexOf(newline); end !== -1; end = bytes.indexOf(newline, start)) {
    const line = bytes.toString('utf8', start, end);
    start = end + 1;
    const json = line.slice(9);
    if (line.slice(0, 9) !== `${checksum(json)} `) {
      damagedSoFar += 1;
      continue;
    }
    records.push(JSON.parse(json));
    goodBytes = start;
    damaged = damagedSoFar;
  }
  return { records, goodBytes, damaged };
}

const newline = 10;
const checksum = (json: string) => crc32(json).toString(16).padStart(8, '0');
