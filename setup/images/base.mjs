import { existsSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { aptSource, canInstall, install, mustInstallByHand } from '../lib/apt.mjs';
import { run, which } from '../lib/command.mjs';
import { follow, tarOf } from '../lib/engine.mjs';
import { Failure } from '../lib/failure.mjs';
import { recipeFolder, recipeHash, recipeLabel } from '../lib/recipe.mjs';
import { inspectImage, withWorkFolder } from './engine-images.mjs';

export const baseTag = 'rekindle-stack/base:bookworm';

let making;

/** The base of every image built without a container registry; made when first needed. */
export function ensureBase(say) {
  return (making ??= makeBase(say));
}

async function makeBase(say) {
  const recipe = recipeHash('base');
  if ((await inspectImage(baseTag))?.Config.Labels?.[recipeLabel] === recipe) return;
  if (process.getuid?.() !== 0)
    throw new Failure(
      `${baseTag} can only be made by root (debootstrap)`,
      'Run this set-up as root, or let the engine reach a container registry',
      2,
    );
  if (!which('debootstrap', ['/usr/sbin'])) {
    if (!canInstall()) throw mustInstallByHand('debootstrap', ['debootstrap']);
    await install('debootstrap', ['debootstrap']);
  }
  const { mirror, suite } = ownSource();
  const packages = readFileSync(join(recipeFolder('base'), 'packages'), 'utf8')
    .trim()
    .split('\n')
    .join(',');
  say(`${baseTag}: debootstrap of ${suite} from this machine's own mirror (about 90 s)`);
  await withWorkFolder('base', async (folder) => {
    const components = `--components=main${mirror.includes('ubuntu') ? ',universe' : ''}`;
    await run('debootstrap', ['--variant=minbase', components, `--include=${packages}`, suite, folder, mirror], {
      log: 'debootstrap',
      env: { PATH: `${process.env.PATH}:/usr/sbin:/sbin` },
    });
    slim(folder);
    await importImage(folder, recipe);
  });
}

function ownSource() {
  const folder = '/etc/apt/sources.list.d';
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => /\.(list|sources)$/.test(name)) : [];
  const files = ['/etc/apt/sources.list', ...names.map((name) => join(folder, name))].filter((file) =>
    existsSync(file),
  );
  const source = aptSource(files.map((file) => readFileSync(file, 'utf8')));
  if (source) return source;
  throw new Failure(
    `No package mirror of this system's release is named in ${files.join(', ') || '/etc/apt'}`,
    'Name one there (debootstrap builds the base image from it), or let the engine reach a container registry',
  );
}

/** Files that no server reads: a fifth of the image. */
function slim(folder) {
  for (const path of ['usr/share/doc', 'usr/share/man', 'usr/share/locale', 'var/lib/apt/lists', 'var/cache/apt']) {
    rmSync(join(folder, path), { recursive: true, force: true });
  }
}

async function importImage(folder, recipe) {
  const [repo, tag] = baseTag.split(':');
  const query = new URLSearchParams({ fromSrc: '-', repo, tag });
  for (const change of [`LABEL ${recipeLabel}=${recipe}`, 'LABEL rekindle.origin=built', 'CMD ["bash"]']) {
    query.append('changes', change);
  }
  await follow('POST', `/images/create?${query}`, { body: tarOf(folder) });
}
