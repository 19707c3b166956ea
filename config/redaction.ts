/** What stands where a secret stood. */
export const mask = '[secret]';
/** Beginning of a payload key's line. */
export const payloadKeyPrefix = 'REKINDLE-PAYLOAD-KEY-1';
/** Beginning of a token for the gateway; secret scanners can look for it. */
export const tokenPrefix = 'rkd_';

/** Keys that are recognised by their format, whether this process has read them or not. */
const recognisable = [
  'AGE-SECRET-KEY-1[0-9A-Za-z]+',
  `${payloadKeyPrefix}[A-Za-z0-9_-]+`,
  `${tokenPrefix}[A-Za-z0-9_-]{43}`,
];

/** In characters: shorter values are hardly secrets, and would blank out pieces of ordinary words. */
const shortestValue = 4;
/** A piece of base64 that is shorter than this could be part of anything. */
const shortestBase64Piece = 6;

/**
 * The values of all secrets that this process has read. State of the process, and on purpose: a value is read in one
 * place (an activity that opens a platform) and may come back in quite another (an error of the S3 client three calls
 * later, a log line of Temporal's SDK). Handing a list along all these ways would miss the one that matters. It only
 * ever grows, by as many values as the platform files refer to.
 */
const remembered = new Set<string>();

/** To be called by whatever reads a secret's value, before the value is used. */
export function rememberSecret(value: string): void {
  // Servers cut off blanks before they quote a value.
  const fresh = [value, value.trim()].filter((form) => form.length >= shortestValue && !remembered.has(form));
  if (fresh.length === 0) return;
  for (const form of fresh) remembered.add(form);
  pattern = compile();
}

/** How many sets of keys of one source are masked: the ones in use, and those that a late answer may still quote. */
const passingKept = 3;
const passing = new Map<string, string[][]>();
let pattern = compile();

/**
 * The same for keys that are replaced every hour (AWS): only the last sets of a source are remembered, so that a process
 * that runs for months does not search for thousands of them.
 */
export function rememberPassing(source: string, values: readonly string[]): void {
  const sets = [...(passing.get(source) ?? []), [...values]];
  passing.set(source, sets.slice(-passingKept));
  pattern = compile();
}

/** The text with `[secret]` for every remembered value: plain, URL-encoded, JSON-escaped, in base64. */
export function redact(text: string): string {
  return text.replace(pattern, mask);
}

/** In characters: a shorter secret may stand within a word by chance, "elastic" in "elasticsearch". */
const shortestInWord = 12;

/** Whether a remembered value stands in a text that is to be written as it is. */
export function holdsSecret(text: string): boolean {
  return [...text.matchAll(pattern)].some(({ 0: found, index }) => {
    const around = [text[index - 1] ?? '', text[index + found.length] ?? ''];
    return found.length >= shortestInWord || !around.some((character) => /[A-Za-z0-9]/.test(character));
  });
}

/**
 * In characters. Texts that name indices or files grow with their number, a proxy may answer with a whole page in one line,
 * and all of it passes through Temporal with every decision about it.
 */
const longestText = 8000;

/** For texts that are masked: what is cut through before is no secret any more that could be recognised. */
export function shortened(text: string): string {
  return text.length <= longestText ? text : `${text.slice(0, longestText)}… (cut)`;
}

/** Fields that hold words for people. All others hold names, and a password that is also a name must not change them. */
const words = new Set([
  'summary',
  'evidence',
  'remedy',
  'message',
  'note',
  'notes',
  'warnings',
  'reason',
  'lastFailure',
  'Stdout',
  'Stderr',
]);

/** Those of them in which servers are quoted. */
const quoting = new Set(['evidence', 'message', 'note', 'lastFailure']);

/** The same value with every text for people redacted, at any depth; names, ids and hashes stay. Quotes are shortened. */
export function redactWords<T>(value: T): T {
  return walk(value, false) as T;
}

/** The same value with every text in it redacted, at any depth: for logs, where nothing is read back. */
export function redactAll<T>(value: T): T {
  return walk(value, true) as T;
}

function walk(value: unknown, forPeople: boolean, all = forPeople): unknown {
  if (typeof value === 'string') return forPeople ? redact(value) : value;
  if (Array.isArray(value)) return value.map((each) => walk(each, forPeople, all));
  if (!isPlain(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => {
      const clean = walk(each, all || words.has(key), all);
      return [key, quoting.has(key) && typeof clean === 'string' ? shortened(clean) : clean];
    }),
  );
}

/** Class instances, buffers and dates are no texts. */
function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function compile(): RegExp {
  const passed = [...passing.values()].flat(2).filter((value) => value.length >= shortestValue);
  const forms = new Set([...remembered, ...passed].flatMap(formsOf));
  // Longest first, so that nothing is left of a value that contains another one.
  const literal = [...forms].toSorted((a, b) => b.length - a.length).map(escaped);
  return new RegExp([...recognisable, ...literal].join('|'), 'g');
}

function formsOf(value: string): string[] {
  // By way of bytes, for half a surrogate pair cannot be URL-encoded.
  const url = encodeURIComponent(Buffer.from(value).toString());
  const json = JSON.stringify(value).slice(1, -1);
  return [
    value,
    url,
    url.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
    new URLSearchParams([['', value]]).toString().slice(1),
    json,
    // JSON within JSON: the body of an answer, quoted in a log line.
    JSON.stringify(json).slice(1, -1),
    ...base64FormsOf(Buffer.from(value)),
  ];
}

/** Alone, and within something longer (`user:password`), where it may begin at any of three places of a group. */
function base64FormsOf(bytes: Buffer): string[] {
  const pieces = [0, 1, 2].map((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
    // Only characters that depend on the value alone: 6 bits each.
    return text.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6));
  });
  const long = pieces.filter((piece) => piece.length >= shortestBase64Piece);
  const whole = [bytes.toString('base64'), bytes.toString('base64').replace(/=+$/, ''), ...long];
  return whole.flatMap((text) => [text, text.replaceAll('+', '-').replaceAll('/', '_')]);
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}
