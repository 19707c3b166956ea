import { install, canInstall, mustInstallByHand } from '../lib/apt.mjs';
import { composeCommand } from '../tools.mjs';
import { answerOf } from '../lib/command.mjs';

const packages = ['docker-compose'];

/** A Compose tool: the demo platform is a real Compose project, brought up as its operators would. */
export const compose = {
  name: 'compose',
  why: 'the demo platform is brought up by the Compose tool, as a real one is',

  async look() {
    const command = await composeCommand();
    if (command) return { done: `${command.join(' ')} ${(await versionOf(command)) ?? ''}`.trim() };
    return {
      missing: 'neither `docker compose` nor `docker-compose` is there',
      plan: `apt-get install ${packages.join(' ')}`,
      refusal: canInstall() ? undefined : mustInstallByHand('The Compose tool', packages),
    };
  },

  async mend() {
    await install('The Compose tool', packages);
    return `docker-compose ${(await versionOf(['docker-compose'])) ?? ''} installed`;
  },
};

function versionOf([command, ...args]) {
  return answerOf(command, [...args, 'version', '--short']);
}
