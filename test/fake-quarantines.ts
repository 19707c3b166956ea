import type { ObservedDeployment } from '../domain/deployment.ts';

/** An engine's quarantine of one run, as a driver shows it: what lies `aside`, and the volumes that are `observed`. */
export function quarantines(state: { aside: string[] }, observed: () => ObservedDeployment) {
  return {
    presentVolumes: (names: string[]) =>
      Promise.resolve(names.filter((name) => observed().volumes.some((volume) => volume.name === name))),
    listQuarantine: () =>
      Promise.resolve(
        state.aside.length === 0
          ? []
          : [
              {
                folder: 'restore%2Fdemo%2F1~0199a1b2',
                run: 'restore/demo/1~0199a1b2',
                volumes: state.aside.map((name) => ({ name, files: 1, bytes: 10, checksum: 'a'.repeat(64) })),
              },
            ],
      ),
    releaseQuarantine: ({ volumes }: { volumes: string[] }) => {
      state.aside = state.aside.filter((name) => !volumes.includes(name));
      return Promise.resolve({ released: volumes });
    },
  };
}
