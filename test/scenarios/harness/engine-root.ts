import { engine, gone } from '../../../stack/engine.ts';

const image = 'rekindle-stack/core:1';
/** Where the scripts see the engine's root folder. */
export const rootMount = '/engine';

export async function engineRoot(): Promise<string> {
  return ((await engine().info()) as { DockerRootDir: string }).DockerRootDir;
}

/**
 * Runs a shell script as root with the engine's root folder at `$root`, `$1` the project; answers what it printed.
 * `binds`: what it sees besides, `<host path>:<path>`.
 */
export async function inEngineRoot(project: string, script: string, binds: string[] = []): Promise<string> {
  const container = await engine().createContainer({
    Image: image,
    User: '0',
    Entrypoint: ['sh', '-euc', `root=${rootMount}; ${script}`, 'scenarios', project],
    Cmd: [],
    Tty: true,
    Labels: { 'rekindle.scenarios': project },
    HostConfig: { NetworkMode: 'none', UsernsMode: 'host', Binds: [`${await engineRoot()}:${rootMount}`, ...binds] },
  });
  try {
    await container.start();
    const { StatusCode } = (await container.wait()) as { StatusCode: number };
    const output = (await container.logs({ stdout: true, stderr: true })).toString().replaceAll('\r\n', '\n');
    if (StatusCode !== 0) throw new Error(`a script in the engine's root ended with ${StatusCode}: ${output}`);
    return output;
  } finally {
    await gone(container.remove({ force: true, v: true }));
  }
}

/** The quarantined volumes of a platform, as paths on the host: `<root>/rekindle-quarantine/<run>/<volume>`. */
export async function quarantined(project: string): Promise<string[]> {
  const script = 'ls -d "$root"/rekindle-quarantine/*"$1"*/* 2>/dev/null || true';
  const lines = (await inEngineRoot(project, script)).split('\n').filter(Boolean);
  const root = await engineRoot();
  return lines.map((line) => root + line.slice(rootMount.length));
}

/** How many files lie below a folder of the engine. */
export async function filesBelow(path: string): Promise<number> {
  const inside = rootMount + path.slice((await engineRoot()).length);
  return Number(await inEngineRoot('', `find "${inside}" -type f | wc -l`));
}
