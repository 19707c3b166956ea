import { judgeAnswer, type Finding, type HttpCheck } from '../../domain/smoke-checks.ts';
import { withDeadline } from '../../systems/deadline.ts';
import type { OpenPlatform } from '../open-platform.ts';

/** More than any health page has. */
const mostBytes = 1_000_000;

/** Failure: those of reaching the service. */
export async function askHttp(
  open: OpenPlatform,
  check: HttpCheck,
  withinMs: number,
  signal: AbortSignal | undefined,
): Promise<Finding> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(check.headers))
    headers[name] = typeof value === 'string' ? value : await open.secret(value, `smoke header ${name}`);
  const { host, port } = await open.reachService(check.service, check.port);
  return withDeadline(withinMs, signal, async (limited) => {
    const response = await fetch(`http://${host}:${port}${check.path}`, {
      headers,
      redirect: 'manual',
      signal: limited,
    });
    if (check.expectJson.length > 0) return judgeAnswer(check, response.status, await beginningOf(response));
    await response.body?.cancel();
    return judgeAnswer(check, response.status, '');
  });
}

async function beginningOf(response: Response): Promise<string> {
  const reader = response.body?.getReader();
  const decoder = new TextDecoder();
  let text = '';
  while (reader !== undefined && text.length < mostBytes) {
    const { done, value } = await reader.read();
    if (done) break;
    text += decoder.decode(value, { stream: true });
  }
  await reader?.cancel();
  return text;
}
