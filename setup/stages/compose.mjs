import { install, canInstall, mustInstallByHand } from '../lib/apt.mjs';
import { composeCommand } from '../tools.mjs';
import { answerOf } from '../lib/command.mjs';

const packages = ['docker-compose'];

/** A Compose tool: the demo platform is a real Compose project, brought up as an operator would. */
export const compose = {
  name: 'compose',
  why: 'the Compose tool brings up the demo platform, as it would a real one',

  async look() {
    const command = await composeCommand();
    if (command) return { done: `${command.join(' ')} ${(await versionOf(command)) ?? ''}`.trim() };
    return {
      missing: 'neither `docker compose` nor `docker-compose` is installed',
      plan: `apt-get install ${packages.join(' ')}`,
      refusal: canInstall() ? undefined : mustInstallByHand('The Compose tool', packages),
    };
  },

  async fix() {
    await install('The Compose tool', packages);
    return `docker-compose ${(await versionOf(['docker-compose'])) ?? ''} installed`;
  },
};

function versionOf([command, ...args]) {
  return answerOf(command, [...args, 'version', '--short']);
}
