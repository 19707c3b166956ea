import { which } from './command.mjs';
import { canInstall, install } from './apt.mjs';

/** The build without windows: in the other ones, what a window shows may stand still, and a click then waits for ever. */
const shell = 'chromium-headless-shell';
/** Names under which distributions install the others. */
const others = ['chromium', 'chromium-browser', 'google-chrome'];

/**
 * A browser for the tests of the page: the headless shell, which is Debian's package (it needs libraries, so it is installed and
 * not unpacked), else what is on the PATH. Undefined, with the reason passed to `say`, when there is none.
 */
export async function ensureChromium(say) {
  if (!which(shell)) await installShell().catch(({ message }) => say(message));
  return [shell, ...others].map((name) => which(name)).find(Boolean);
}

async function installShell() {
  if (!canInstall()) throw new Error('no Chromium is installed, and this is no Debian on which set-up may install one');
  await install('Chromium, for the tests of the page', [shell, 'fonts-dejavu-core']);
}
