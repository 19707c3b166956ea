import { which } from './command.mjs';
import { canInstall, install } from './apt.mjs';

/** Names under which distributions install it. */
const names = ['chromium', 'chromium-browser', 'google-chrome'];

/**
 * A browser for the tests of the page: on the PATH, else Debian's package (it needs libraries, so it is installed and not
 * unpacked). Undefined, with the reason passed to `say`, when there is none.
 */
export async function ensureChromium(say) {
  const found = () => names.map((name) => which(name)).find(Boolean);
  if (found()) return found();
  if (!canInstall()) {
    say('no Chromium is installed, and this is no Debian on which set-up may install one');
    return undefined;
  }
  try {
    await install('Chromium, for the tests of the page', ['chromium', 'fonts-dejavu-core']);
  } catch (error) {
    say(error.message);
  }
  return found();
}
