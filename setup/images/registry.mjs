import { ask, follow, textOf } from '../lib/engine.mjs';
import { inspectImage } from './engine-images.mjs';

const patienceSeconds = 10;
const asked = new Map();

/**
 * Pulls an official image; false when its registry cannot be reached. A registry is asked once per
 * run of set-up, for at most ten seconds: behind a firewall it usually does not answer.
 */
export async function pulled(image, say) {
  if (await inspectImage(image)) return true;
  const registry = /^[^/]+\.[^/]+\//.test(image) ? image.split('/')[0] : 'docker.io';
  if (!asked.has(registry)) asked.set(registry, answers(image));
  const trouble = await asked.get(registry);
  if (trouble) {
    say(`${image} cannot be pulled (${trouble})`);
    return false;
  }
  say(`${image}: pulling it`);
  const [, name, tag] = image.match(/^(.*):([^:/]+)$/);
  try {
    await follow('POST', `/images/create?${new URLSearchParams({ fromImage: name, tag })}`, { silenceSeconds: 120 });
    return true;
  } catch (error) {
    say(`${image}: the pull broke off (${error.message})`);
    return false;
  }
}

/** Why the registry does not serve this image, or undefined. */
async function answers(image) {
  try {
    const response = await ask('GET', `/distribution/${image}/json`, { silenceSeconds: patienceSeconds });
    const text = await textOf(response);
    return response.statusCode === 200 ? undefined : shortened(JSON.parse(text).message);
  } catch (error) {
    return shortened(error.message);
  }
}

function shortened(message) {
  return message.split(': ').slice(-2).join(': ').slice(0, 120);
}
