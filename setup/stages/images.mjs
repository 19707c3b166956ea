import { imageList } from '../images/list.mjs';
import { isMade, makeImage } from '../images/make.mjs';
import { engineVersion } from '../lib/engine.mjs';

/** The images of the demo platform and of the tests' servers, and on request Rekindle's own. */
export const images = {
  name: 'images',
  why: 'the real servers that the demo and the tests run against',

  async look(flags = {}) {
    const list = imageList(flags);
    const running = await engineVersion();
    const rows = await Promise.all(list.map((image) => (running ? rowOf(image, list) : unknown(image))));
    const missing = rows.filter((row) => !row.done);
    if (!missing.length) return { done: `${list.map(({ tag }) => tag).join(', ')}`, rows };
    return {
      missing: `${missing.length} of ${rows.length} images missing`,
      plan: missing.map((row) => row.tag).join(', '),
      rows,
    };
  },

  async fix({ flags, say }) {
    const list = imageList(flags);
    const making = new Map();
    // In parallel: a Go compiler, Maven and debootstrap wait for different things. An image built on another waits for it.
    const make = async (image) => {
      await making.get(image.on);
      if (!(await isMade(image, list)).current) await makeImage(image, list, say);
    };
    for (const image of list) making.set(image.tag, make(image));
    const results = await Promise.allSettled(making.values());
    const failed = results.find((result) => result.status === 'rejected');
    if (failed) throw failed.reason;
    return `${list.length} images are ready`;
  },
};

async function rowOf(image, list) {
  const { found, current } = await isMade(image, list);
  if (current) return { tag: image.tag, done: image.tag };
  const plan = image.official
    ? `take ${image.official}, or build it from the package registries when that registry cannot be reached`
    : `build it on ${image.on}`;
  return { tag: image.tag, missing: `${image.tag} is ${found ? 'made by another recipe' : 'missing'}`, plan };
}

function unknown({ tag }) {
  return { tag, missing: `${tag}: no engine to ask`, plan: 'make it once the engine runs' };
}
