import { request, type IncomingMessage } from 'node:http';

/** What the demo platform is made of. */
export const images = [
  'rekindle-stack/elasticsearch:8.19.0',
  'rekindle-stack/zookeeper:3.9.4',
  'rekindle-stack/core:1',
  'rekindle-stack/s3:1.8.0',
];

/** Brings images from one engine to another, in one stream. Both are addressed as in `DOCKER_HOST`, by a socket. */
export async function copyImages(fromHost: string, toHost: string, names: readonly string[] = images): Promise<void> {
  // Without names an engine would be asked for nothing, which it refuses.
  if (names.length === 0) return;
  const query = names.map((name) => `names=${encodeURIComponent(name)}`).join('&');
  const saved = await ask(fromHost, 'GET', `/images/get?${query}`);
  const loaded = await ask(toHost, 'POST', '/images/load?quiet=1', saved);
  const text = await textOf(loaded);
  if (text.includes('"error"')) throw new Error(`The images could not be loaded: ${text.slice(-500)}`);
}

async function ask(host: string, method: string, path: string, body?: IncomingMessage): Promise<IncomingMessage> {
  if (!host.startsWith('unix://'))
    throw new Error(`The engine must be one of this machine's, by a socket, not ${host}`);
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    const asked = request(
      {
        socketPath: host.slice('unix://'.length),
        method,
        path,
        ...(body ? { headers: { 'content-type': 'application/x-tar' } } : {}),
      },
      resolve,
    );
    asked.once('error', reject);
    if (body) body.once('error', reject).pipe(asked);
    else asked.end();
  });
  const status = answer.statusCode ?? 0;
  if (status >= 400) throw new Error(`${method} ${path} at ${host}: ${status} ${await textOf(answer)}`);
  return answer;
}

async function textOf(answer: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of answer) text += String(chunk);
  return text;
}
