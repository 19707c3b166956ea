import type { Check } from '../checks.ts';

/** As a capture names it. */
export interface Image {
  reference: string;
  digest: string;
}

/** What the host is asked on which a scene is to be made. */
export interface SceneRoomAsked {
  /** They are pulled where they are not there. */
  images: Image[];
  /** Names of Swarm secrets in `deployment.secrets`. */
  secrets: string[];
  /** An image that is certainly there, to measure the disk with; absent: one of `images`. */
  helper?: string;
}

/** Figures and names: it may pass through Temporal. */
export interface SceneRoom {
  /** Bytes that programs could take there without any going to swap. */
  availableBytes: number;
  /** Of its engine. */
  processors: number;
  /** What of its network a scene there would reach. */
  network: Check;
  /** Absent: it could not be measured. */
  disk?: { totalBytes: number; freeBytes: number };
  /** Only the engine can be reached, not what runs in containers. */
  remote?: true;
  /** What is not there and cannot be had. */
  missing: { what: 'images' | 'secrets'; message: string; remedy: string }[];
}
