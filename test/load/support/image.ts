import { cpSync, mkdirSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { copiesOf, root, variablesOf, type Stage } from '../../deploy/support/deploy';
import { copySystem, runIn, type Debian } from './debian';

/**
 * Executes the steps of a Dockerfile in place of Docker: each stage is a copy of the system of its base, and COPY, ENV,
 * RUN and WORKDIR do what they say. What a container gets from Docker when it runs (USER, VOLUME, HEALTHCHECK,
 * ENTRYPOINT) is left to the caller.
 * @param baseOf the system of an image that is not a stage
 * @returns the system of the last stage
 */
export function buildImage(
  stages: readonly Stage[],
  directory: string,
  baseOf: (image: string) => Debian,
): Debian {
  const built = new Map<string, Debian>();
  let system: Debian | undefined;
  for (const [at, stage] of stages.entries()) {
    system = copySystem(built.get(stage.base) ?? baseOf(stage.base), join(directory, `stage-${at}`));
    for (const instruction of stage.instructions) system = execute(system, instruction, built);
    if (stage.name !== undefined) built.set(stage.name, system);
  }
  return system!;
}

function execute(
  system: Debian,
  instruction: Stage['instructions'][number],
  built: ReadonlyMap<string, Debian>,
): Debian {
  const { keyword, text } = instruction;
  const only = { base: '', name: undefined, instructions: [instruction] };
  switch (keyword) {
    case 'WORKDIR':
      mkdirSync(join(system.root, text), { recursive: true });
      return { ...system, cwd: text };
    case 'ENV':
      return { ...system, env: { ...system.env, ...variablesOf(only) } };
    case 'COPY':
      for (const { from, sources, target } of copiesOf(only)) {
        const origin = from === undefined ? root : built.get(from)!.root;
        for (const source of sources) {
          const path = join(origin, source);
          const isInto = target.endsWith('/') && statSync(path).isFile();
          const name = isInto ? join(target, basename(source)) : target;
          cpSync(path, join(system.root, resolve(system.cwd, name)), {
            recursive: true,
            verbatimSymlinks: true,
          });
        }
      }
      return system;
    case 'RUN':
      runIn(system, text);
      return system;
    default:
      return system;
  }
}
