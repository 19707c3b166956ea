import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { madeCacheFolder } from '../lib/cache.mjs';
import { ask, follow, tarOf, textOf } from '../lib/engine.mjs';
import { Failure } from '../lib/failure.mjs';
import { recipeLabel } from '../lib/recipe.mjs';

/** What the engine knows about an image, or undefined. */
export async function inspectImage(tag) {
  const response = await ask('GET', `/images/${tag}/json`, { silenceSeconds: 10 });
  const text = await textOf(response);
  return response.statusCode === 200 ? JSON.parse(text) : undefined;
}

/** Builds the Dockerfile of a folder with the engine's classic builder, which every engine has. */
export async function buildImage({ tag, folder, dockerfile = 'Dockerfile', recipe, origin, buildArgs = {} }) {
  const query = new URLSearchParams({
    t: tag,
    dockerfile,
    rm: '1',
    forcerm: '1',
    labels: JSON.stringify({ [recipeLabel]: recipe, 'rekindle.origin': origin }),
    buildargs: JSON.stringify(buildArgs),
  });
  let output = '';
  try {
    await follow('POST', `/build?${query}`, { body: tarOf(folder) }, ({ stream }) => {
      if (stream) output = (output + stream).slice(-1500);
    });
  } catch (error) {
    throw new Failure(
      `The image ${tag} could not be built from ${folder}/${dockerfile}: ${error.message}\n${output.trimEnd()}`,
      'Fix the instruction that the lines above name, then run set-up again',
    );
  }
}

/** A temporary folder in the cache for the duration of `work`: on the same disk as the cache, so files can be moved by rename. */
export async function withWorkFolder(name, work) {
  const folder = mkdtempSync(join(madeCacheFolder('work'), `${name}-`));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The text of a file of an image, by a container that never starts. */
export async function readImageFile(tag, path) {
  const created = await ask('POST', '/containers/create', { body: { Image: tag, Cmd: ['true'] }, silenceSeconds: 60 });
  const { Id: id, message } = JSON.parse(await textOf(created));
  if (!id) throw new Error(`No container of ${tag} could be made: ${message}`);
  try {
    const archive = await ask('GET', `/containers/${id}/archive?path=${encodeURIComponent(path)}`);
    if (archive.statusCode !== 200) throw new Error(`${tag} has no ${path}: ${await textOf(archive)}`);
    const tar = spawn('tar', ['-xO'], { stdio: ['pipe', 'pipe', 'inherit'] });
    const [text] = await Promise.all([textOf(tar.stdout), pipeline(archive, tar.stdin)]);
    return text;
  } finally {
    await textOf(await ask('DELETE', `/containers/${id}?force=1`));
  }
}
