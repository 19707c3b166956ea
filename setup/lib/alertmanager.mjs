import { goInstalled } from './go.mjs';

const source = { module: 'github.com/prometheus/alertmanager/cmd/alertmanager', version: 'v0.27.0' };

/** Built with Go: Debian's own does not run without files that its package installs. */
export async function ensureAlertmanager(say) {
  try {
    return await goInstalled(source, say);
  } catch (error) {
    say(error.message);
    return undefined;
  }
}
