import type { RedisStore } from '../../../domain/platform.ts';
import { redisStore } from '../../../systems/redis/redis-store.ts';
import type { StreamStore } from '../../../systems/streams/stream-store.ts';
import { passwordOf, stoppableIn, type Opens } from './opening.ts';

export const openRedis: Opens<RedisStore> = async (open, store, container) => {
  const { name, username, host, port, tls, dataPath, file, appendFile, appendFolder } = store;
  return redisStore({
    store: name,
    container: stoppableIn(open, container.name),
    host,
    port,
    files: { folder: dataPath, file, appendFile, appendFolder },
    ...(username !== undefined && { username }),
    ...(await passwordOf(open, store)),
    ...(tls && { tls }),
  }) as StreamStore<unknown>;
};
