import { cpSync, readFileSync } from 'node:fs';
import { recipeFolder, recipeHash, recipeLabel } from '../lib/recipe.mjs';
import { seconds } from '../report.mjs';
import { ensureBase } from './base.mjs';
import { buildImage, inspectImage, withWorkFolder } from './engine-images.mjs';
import { pulled } from './registry.mjs';

/** A hash of everything an image is made from; an image built on another one changes with it. */
export function hashOf(image, list) {
  const on = list.find(({ tag }) => tag === image.on);
  // The code that fills the build context is part of the recipe, although it lives outside the recipe's folder.
  const also = [
    ...(image.recipe ? [readFileSync(new URL(`${image.recipe}.mjs`, import.meta.url), 'utf8')] : []),
    ...(image.also?.() ?? []),
    ...(image.shares ? [recipeHash(image.shares)] : []),
    ...(on ? [hashOf(on, list)] : []),
    ...(image.official ? [recipeHash('base')] : []),
  ];
  return recipeHash(image.recipe, also);
}

/** Whether the engine has the image, built from the current recipe. */
export async function isMade(image, list) {
  const found = await inspectImage(image.tag);
  return { found: Boolean(found), current: found?.Config.Labels?.[recipeLabel] === hashOf(image, list) };
}

export async function makeImage(image, list, say) {
  const since = Date.now();
  const recipe = hashOf(image, list);
  const { tag, buildArgs } = image;
  const origin = !image.official ? 'built' : (await pulled(image.official, say)) ? 'pulled' : 'built';
  await withWorkFolder(tag.replace(/\W/g, '-'), async (folder) => {
    if (image.shares) cpSync(recipeFolder(image.shares), folder, { recursive: true });
    if (image.recipe) cpSync(recipeFolder(image.recipe), folder, { recursive: true });
    if (origin === 'pulled') return buildImage({ tag, folder, recipe, origin, buildArgs });
    const [ready] = await Promise.allSettled([image.stage(folder, say), image.official ? ensureBase(say) : undefined]);
    if (ready.status === 'rejected') throw ready.reason;
    if (image.official) await ensureBase(say);
    const dockerfile = image.official ? 'Dockerfile.built' : 'Dockerfile';
    await buildImage({ tag, folder, dockerfile, recipe, origin, buildArgs });
  });
  say(`${tag}: ${origin === 'pulled' ? `made on ${image.official}` : 'built'} (${seconds(since)})`);
}
