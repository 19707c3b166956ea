import type { SecretReference, ServiceName, StoreName } from './names.ts';
import { servicesOf, type Store } from './stores.ts';

/** What users of the platform would notice first: it must hold before a run may call the platform healthy. */
export type SmokeCheck = HttpCheck | TcpCheck | CommandCheck | QueryCheck;

interface WithPatience {
  /** How long it is asked again, until it holds. */
  timeoutSeconds: number;
}

/** A GET request; the kind of those that name none. */
export interface HttpCheck extends WithPatience {
  kind?: 'http' | undefined;
  service: ServiceName;
  port: number;
  path: string;
  headers: Record<string, string | SecretReference>;
  expectStatus: number;
  expectJson: JsonExpectation[];
}

/** Something listens. */
export interface TcpCheck extends WithPatience {
  kind: 'tcp';
  service: ServiceName;
  port: number;
}

/** A command in a container of the service. */
export interface CommandCheck extends WithPatience {
  kind: 'command';
  service: ServiceName;
  command: string[];
  expectExitCode: number;
  /** Standard output must hold this text. */
  expectOutput?: string | undefined;
}

/** How many documents a query finds in an Elasticsearch store. */
export interface QueryCheck extends WithPatience {
  kind: 'query';
  store: StoreName;
  index: string;
  /** As Elasticsearch's `query`; absent: all documents. */
  query?: Record<string, unknown> | undefined;
  atLeast?: number | undefined;
  atMost?: number | undefined;
}

/** One value of a JSON document. */
export interface JsonExpectation {
  /** A JSON Pointer (RFC 6901): `/components/0/status`. */
  pointer: string;
  equals?: string | number | boolean | null | undefined;
  atLeast?: number | undefined;
  atMost?: number | undefined;
}

/** The services without which a check cannot hold. */
export function servicesOfCheck(check: SmokeCheck, stores: readonly Store[]): ServiceName[] {
  if (check.kind !== 'query') return [check.service];
  return stores.filter(({ name }) => name === check.store).flatMap(servicesOf);
}

/** The service on whose host each check is asked. */
export function askedBySmoke({
  smoke,
  stores,
}: {
  smoke: readonly SmokeCheck[];
  stores: readonly Store[];
}): ServiceName[] {
  return smoke.flatMap((check) => servicesOfCheck(check, stores).slice(0, 1));
}

/** A check in one line; no two of a platform file are alike. */
export function smokeCheckTitle(check: SmokeCheck): string {
  switch (check.kind) {
    case 'tcp':
      return `${check.service}:${check.port}`;
    case 'command':
      return `${check.service}: ${check.command.join(' ')}`;
    case 'query':
      return `${check.store}/${check.index}${check.query === undefined ? '' : ` ${JSON.stringify(check.query)}`}`;
    default:
      return `${check.service}${check.path}`;
  }
}

/** Whether it holds, and in words what was found: `answered 200`. */
export interface Finding {
  holds: boolean;
  found: string;
}

/** What is found when nothing answers, and what would hold. */
export function noAnswer(check: SmokeCheck, reason: string): Finding {
  return { holds: false, found: `no answer (${reason}), ${expectationOf(check)} expected` };
}

function expectationOf(check: SmokeCheck): string {
  switch (check.kind) {
    case 'tcp':
      return 'a connection is';
    case 'command':
      return `exit code ${check.expectExitCode} is`;
    case 'query':
      return rangeWords(check.atLeast, check.atMost);
    default:
      return `${check.expectStatus} is`;
  }
}

export function judgeAnswer(check: HttpCheck, status: number, body: string): Finding {
  const answered = `answered ${status}`;
  if (status !== check.expectStatus) return { holds: false, found: `${answered}, ${check.expectStatus} is expected` };
  if (check.expectJson.length === 0) return { holds: true, found: answered };
  const document = parsed(body);
  if (document === undefined) return { holds: false, found: `${answered} with what is no JSON` };
  const findings = check.expectJson.map((one) => judgeValue(one, valueAt(document.value, one.pointer)));
  const bad = findings.filter(({ holds }) => !holds);
  const shown = (bad.length === 0 ? findings : bad).map(({ found }) => found);
  return { holds: bad.length === 0, found: `${answered}, ${shown.join(', ')}` };
}

export function judgeCommand(check: CommandCheck, exitCode: number, stdout: string): Finding {
  const ended = `ended with ${exitCode}`;
  if (exitCode !== check.expectExitCode)
    return { holds: false, found: `${ended}, ${check.expectExitCode} is expected` };
  if (check.expectOutput === undefined) return { holds: true, found: ended };
  if (stdout.includes(check.expectOutput))
    return { holds: true, found: `${ended}, its output holds "${check.expectOutput}"` };
  return { holds: false, found: `${ended}, its output lacks "${check.expectOutput}": ${shown(stdout.trim())}` };
}

export function judgeCount(check: QueryCheck, count: number): Finding {
  const { atLeast, atMost } = check;
  const found = `${count} ${count === 1 ? 'document' : 'documents'}`;
  const holds = count >= (atLeast ?? 0) && count <= (atMost ?? Infinity);
  return { holds, found: holds ? found : `${found}, ${rangeWords(atLeast, atMost)} expected` };
}

function judgeValue({ pointer, equals, atLeast, atMost }: JsonExpectation, value: unknown): Finding {
  const found = `${pointer} is ${value === undefined ? 'not there' : shown(value)}`;
  if (equals !== undefined)
    return value === equals ? { holds: true, found } : { holds: false, found: `${found}, not ${shown(equals)}` };
  if (atLeast === undefined && atMost === undefined) return { holds: value !== undefined, found };
  const holds = typeof value === 'number' && value >= (atLeast ?? -Infinity) && value <= (atMost ?? Infinity);
  return { holds, found: holds ? found : `${found}, ${rangeWords(atLeast, atMost)} expected` };
}

function rangeWords(atLeast: number | undefined, atMost: number | undefined): string {
  if (atMost === undefined) return `at least ${atLeast ?? 0} is`;
  return atLeast === undefined ? `at most ${atMost} is` : `${atLeast} to ${atMost} is`;
}

const longestShown = 80;
function shown(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length <= longestShown ? text : `${text.slice(0, longestShown)}…`;
}

function parsed(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return undefined;
  }
}

/** RFC 6901; undefined: nothing is there. */
function valueAt(document: unknown, pointer: string): unknown {
  let value = document;
  for (const part of pointer.split('/').slice(1)) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  return value;
}
