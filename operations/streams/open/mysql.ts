import type { MysqlStore } from '../../../domain/platform.ts';
import { answeringMysql } from '../../../systems/mysql/answering.ts';
import { mysqlStore } from '../../../systems/mysql/mysql-store.ts';
import { applicationName } from '../../../systems/streams/run-id.ts';
import type { StreamStore } from '../../../systems/streams/stream-store.ts';
import { passwordOf, type Opens } from './opening.ts';

export const openMysql: Opens<MysqlStore> = async (open, store, container, run) => {
  const { name, username, host, port, databases, samplesPerTable } = store;
  const access = {
    container: answeringMysql(container, name),
    username,
    port,
    application: applicationName(run, name),
    ...(await passwordOf(open, store)),
    ...(host !== undefined && { host }),
  };
  return mysqlStore(access, {
    store: name,
    samplesPerTable,
    ...(databases && { databases }),
  }) as StreamStore<unknown>;
};
