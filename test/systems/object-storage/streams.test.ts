import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { directoryStreams } from '../../../systems/object-storage/directory-streams.ts';
import { s3Streams } from '../../../systems/object-storage/s3-streams.ts';
import { useAtEnd } from '../../at-end.ts';
import { startS3, type S3Server } from './server.ts';
import { streamStorageConformance } from './streams-conformance.ts';

const atTestEnd = useAtEnd();

let server: S3Server;
beforeAll(async () => {
  server = await startS3();
});
afterAll(async () => {
  await server.remove();
});

streamStorageConformance('S3', () => s3Streams({ ...server.options, prefix: randomUUID() }));

streamStorageConformance('directory', async () => {
  const root = await mkdtemp(join(tmpdir(), 'rkt-streams-'));
  atTestEnd(() => rm(root, { recursive: true }));
  return directoryStreams(root);
});
