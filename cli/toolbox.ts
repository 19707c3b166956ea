import type { Environment } from '../config/environment.ts';
import type { FailureText } from '../domain/failures.ts';

/** What commands need of the folders that cli/ does not import. main.ts fills it in. */
export interface Toolbox {
  /** Makes the key that encrypts captures. */
  generateKey: (file: string) => Promise<{ file: string; recipient: string }>;
  startWorker: (environment: Environment) => Promise<{ done: Promise<void>; stop: () => void }>;
  /** Failures: InvalidArgument, when its address cannot be listened on; InvalidGatewayFile. */
  startGateway: (environment: Environment) => Promise<RunningGateway>;
  /** The demo platform, which only `demo` needs. */
  demoStack: () => Promise<DemoStack>;
}

export interface RunningGateway {
  url: string;
  /** What the operator must see at the start. */
  warnings: FailureText[];
  close: () => Promise<void>;
}

/** What the demo does to its platform. `P` is the stack's own description of it. */
export interface DemoStack<P extends DemoPlatform = DemoPlatform> {
  bringUp(options: {
    project: string;
    name: string;
    folder: string;
    shape: 'stores';
    log: (line: string) => void;
  }): Promise<P>;
  loseEverything(platform: P): Promise<void>;
  tearDown(platform: P): Promise<void>;
  /** Also when the process that made it is gone. */
  removeLeftovers(project: string): Promise<void>;
  /** Where a demo of this project was brought up; undefined: there is none. */
  folderOf(project: string): Promise<string | undefined>;
}

export interface DemoPlatform {
  project: string;
  folder: string;
  network: string;
  volumes: { elasticsearch: string[]; zookeeper: string[]; streamed: string[] };
}
