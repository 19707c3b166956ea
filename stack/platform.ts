import type { ComposeTool } from './compose-tool.ts';
import type { S3Server } from './s3-server.ts';
import type { Shape, Volumes } from './shapes.ts';
import type { Seeded } from './seed.ts';

export interface Buckets {
  /** Elasticsearch's snapshots. */
  repository: string;
  /** Rekindle's catalogue. */
  catalogue: string;
}

/** How the tools of this folder reach an Elasticsearch with TLS and users. */
export interface Access {
  /** PEM of the authority. */
  ca: string;
  /** What its certificate is for. */
  serverName: string;
  username: string;
  password: string;
}

/** A platform that runs, or ran: every name is made from the project's, so that several live side by side. */
export interface DemoPlatform {
  /** The Compose project: containers, volumes and network are named after it. */
  project: string;
  /** The platform's name in its platform file. */
  name: string;
  /** Absolute: holds compose.yaml, .env, secrets/ and platforms/<name>.yaml. */
  folder: string;
  platformFile: string;
  /** What a Rekindle process (CLI, worker) needs to find this platform. */
  environment: { REKINDLE_PLATFORMS: string };
  network: string;
  shape: Shape;
  volumes: Volumes;
  s3: S3Server;
  /** The S3 server was made for this platform, and goes with it. */
  ownsS3: boolean;
  buckets: Buckets;
  composeTool: ComposeTool;
  /** Absent: plain HTTP, and nobody is asked who they are. Not known of a platform that was opened again. */
  access?: Access;
  /** Absent when nothing was seeded, and on a platform that was opened again. */
  seeded?: Seeded;
}
