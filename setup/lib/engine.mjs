import { spawn } from 'node:child_process';
import { request as httpRequest } from 'node:http';
import { Failure } from './failure.mjs';

/** How node:http reaches the Docker engine, from `DOCKER_HOST` (unix:// or tcp://) or the usual socket. */
export function engineAddress() {
  const host = process.env.DOCKER_HOST || 'unix:///var/run/docker.sock';
  if (host.startsWith('unix://')) return { socketPath: host.slice('unix://'.length), text: host };
  const url = /^(tcp|http):\/\//.test(host) ? new URL(host.replace(/^tcp:/, 'http:')) : undefined;
  if (!url || process.env.DOCKER_TLS_VERIFY) {
    throw new Failure(
      `DOCKER_HOST is ${host}${url ? ' with TLS' : ''}; set-up speaks to unix:// and plain tcp:// addresses only`,
      'Set DOCKER_HOST to such an address, for example a socket forwarded by ssh, or unset it',
      2,
    );
  }
  return { host: url.hostname, port: Number(url.port || 2375), text: host };
}

/** One request to the engine; resolves with the response once its head is there. `body`: an object, or a stream. */
export function ask(method, path, { body, headers, silenceSeconds = 900 } = {}) {
  return new Promise((resolve, reject) => {
    const { socketPath, host, port } = engineAddress();
    const isStream = typeof body?.pipe === 'function';
    const type = isStream ? 'application/x-tar' : 'application/json';
    const request = httpRequest(
      { socketPath, host, port, method, path, headers: { 'content-type': type, ...headers } },
      resolve,
    );
    request.setTimeout(silenceSeconds * 1000, () => request.destroy(new Error(`no answer in ${silenceSeconds} s`)));
    request.on('error', reject);
    if (isStream) body.pipe(request);
    else request.end(body && JSON.stringify(body));
  });
}

export async function textOf(response) {
  let text = '';
  for await (const chunk of response) text += chunk;
  return text;
}

/** The running engine's version, or undefined when none answers. */
export async function engineVersion() {
  try {
    const response = await ask('GET', '/version', { silenceSeconds: 5 });
    return JSON.parse(await textOf(response)).Version;
  } catch (error) {
    if (error instanceof Failure) throw error;
    return undefined;
  }
}

/**
 * A request whose answer is a stream of JSON lines (pull, build, import). The engine answers 200 before it starts the
 * work, so a failure comes as a line; `onLine` sees every line.
 */
export async function follow(method, path, options, onLine = () => {}) {
  const response = await ask(method, path, options);
  if (response.statusCode >= 400) throw new Error(JSON.parse(await textOf(response)).message);
  let rest = '';
  for await (const chunk of response) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop();
    for (const line of lines.filter((text) => text.trim())) {
      const message = JSON.parse(line);
      if (message.error) throw new Error(message.error);
      onLine(message);
    }
  }
}

/** A folder as a tar stream, by the system's own tar: there on every machine that runs Docker. */
export function tarOf(folder) {
  return spawn('tar', ['-C', folder, '-cf', '-', '.'], { stdio: ['ignore', 'pipe', 'inherit'] }).stdout;
}
