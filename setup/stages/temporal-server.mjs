import { existsSync } from 'node:fs';
import { ensureTemporalServer, temporalServerPrograms } from '../lib/temporal-server.mjs';

/** Temporal's server for a scenario of the long tests, which runs it on PostgreSQL as operators do. */
export const temporalServer = {
  name: 'server',
  forLongTests: true,
  why: "the long tests run Temporal's own server on PostgreSQL",

  async look() {
    const missing = Object.values(temporalServerPrograms()).filter((file) => !existsSync(file));
    if (missing.length === 0) return { done: temporalServerPrograms().server };
    return {
      missing: "Temporal's server, or the tool that makes its tables, is not in the cache",
      plan: 'build both with Go (up to ten minutes)',
    };
  },

  async fix({ say }) {
    const { server } = await ensureTemporalServer(say);
    return `built: ${server}`;
  },
};
