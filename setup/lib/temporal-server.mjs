import { goInstalled, goProgram } from './go.mjs';

// Temporal's server as operators run it, on a database of its own: the CLI's has SQLite alone. The version that docker-compose.yml
// names, which is also the one in the CLI.
const version = 'v1.29.1';
const server = { module: 'go.temporal.io/server/cmd/server', version, as: 'temporal-server' };
const sqlTool = { module: 'go.temporal.io/server/cmd/tools/sql', version, as: 'temporal-sql-tool' };

/** Where its programs are, or will be: the server, and what makes its tables. */
export const temporalServerPrograms = () => ({ server: goProgram(server), sqlTool: goProgram(sqlTool) });

/** Builds both; one after the other, since they share most of their code. */
export async function ensureTemporalServer(say) {
  return { server: await goInstalled(server, say), sqlTool: await goInstalled(sqlTool, say) };
}
