import { Failure } from '../../domain/failures.ts';

const unreachableCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOENT',
  'EACCES',
  'EPIPE',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ETIMEDOUT',
]);

/** What an engine answers while it stops or starts, or while its containerd is away: waiting helps. */
const engineInTransition = /containerd|shutting down|transport is closing|connection refused|context canceled|\bEOF\b/;

const noRoom = /no space left on device|disk quota exceeded/i;

/** The engine's HTTP status, when it was the engine that said no. */
export function statusOf(error: unknown): number | undefined {
  const status = (error as { statusCode?: unknown } | null)?.statusCode;
  return typeof status === 'number' ? status : undefined;
}

/** The engine's own words, without dockerode's frame around them. */
export function wordsOf(error: unknown): string {
  const json = (error as { json?: { message?: unknown } } | null)?.json;
  if (typeof json?.message === 'string') return json.message.trim().replace(/\.$/, '');
  return error instanceof Error ? error.message : String(error);
}

/**
 * Runs `work`; an engine that does not answer becomes `DockerUnreachable`, one without room on its disk `DiskFull`;
 * everything else passes as it is.
 */
export async function reaching<T>(address: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Failure) && isUnreachable(error)) throw unreachable(address, error);
    throw hasNoRoom(error) ? diskFull(address, error) : error;
  }
}

/** `undefined` when the engine answers 404. */
export async function ifThere<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw error;
  }
}

/** True when the call was done, false when the engine answered one of `statuses`. */
export async function unless(statuses: number[], call: Promise<unknown>): Promise<boolean> {
  try {
    await call;
    return true;
  } catch (error) {
    const status = statusOf(error);
    if (status !== undefined && statuses.includes(status)) return false;
    throw error;
  }
}

export function isUnreachable(error: unknown): boolean {
  if (error instanceof Failure) return error.kind === 'DockerUnreachable';
  const code = (error as { code?: unknown } | null)?.code;
  if (typeof code === 'string' && unreachableCodes.has(code)) return true;
  const status = statusOf(error);
  return status !== undefined && status >= 500 && engineInTransition.test(wordsOf(error));
}

/** Also for a refusal that is a failure already: whatever the engine was asked for, more room helps. */
function hasNoRoom(error: unknown): boolean {
  const refusal = error instanceof Failure ? error.cause : error;
  const status = statusOf(refusal);
  return status !== undefined && status >= 500 && noRoom.test(wordsOf(refusal));
}

function diskFull(address: string, error: unknown): Failure {
  const said = error instanceof Failure ? error.message : wordsOf(error);
  return new Failure(
    'DiskFull',
    {
      message: `The Docker engine at ${address} has no room on its disk: ${said}`,
      remedy: 'Make room where the engine keeps its data (docker system df shows what uses it)',
    },
    { cause: error },
  );
}

function unreachable(address: string, cause: unknown): Failure {
  const code = (cause as { code?: unknown }).code;
  const message = `The Docker engine at ${address} does not answer: ${wordsOf(cause)}`;
  const remedy =
    code === 'EACCES'
      ? `Grant this user access to the socket ${address} (its group is usually "docker")`
      : `Start the engine (systemctl start docker), or name the right one in DOCKER_HOST; then try: docker -H ${address} info`;
  return new Failure('DockerUnreachable', { message, remedy }, { cause });
}
