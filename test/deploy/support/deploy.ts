import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

export const root = join(__dirname, '..', '..', '..');

/** The text of a file under deploy/. */
export function readDeployed(path: string): string {
  return readFileSync(join(root, 'deploy', path), 'utf8');
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- what a document holds depends on its kind
export type Yaml = any;

/** By the rules of YAML 1.1, where `on` is true and `<<` merges: Patroni, kubectl and Compose hold to them. */
export function readYaml(path: string): Yaml {
  return parse(readDeployed(path), { version: '1.1' });
}

/** Puts values into `${NAME}`, `${NAME:-default}` and `${NAME:?message}`, as Compose does. */
export function interpolate(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(
    /\$\{(\w+)(?::([-?])([^}]*))?\}/g,
    (_, name: string, operator: string | undefined, operand: string) => {
      const value = values[name];
      if (value) return value;
      if (operator === '?') throw new Error(`${name} is missing: ${operand}`);
      return operator === '-' ? operand : '';
    },
  );
}

/** `500ms`, `20s` or `1m30s`, in milliseconds. */
export function toMs(duration: string): number {
  const units: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000 };
  const parts = [...duration.matchAll(/(\d+)(ms|s|m)/g)];
  if (parts.length === 0) throw new Error(`${duration} is not a duration`);
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * units[unit!]!, 0);
}

export interface Stage {
  readonly base: string;
  readonly name: string | undefined;
  readonly instructions: readonly Instruction[];
}

interface Instruction {
  readonly keyword: string;
  /** What follows the keyword, the lines of one instruction joined. */
  readonly text: string;
}

/** The stages of a Dockerfile, in order. */
export function readStages(dockerfile: string): readonly Stage[] {
  const stages: (Stage & { instructions: Instruction[] })[] = [];
  const lines = dockerfile
    .replace(/^\s*#.*\n/gm, '')
    .replace(/\\\n\s*/g, '')
    .split('\n')
    .filter((line) => line.trim() !== '');
  for (const line of lines) {
    const [, keyword = '', text = ''] = /^(\S+)\s+(.*)$/.exec(line) ?? [];
    if (keyword === 'FROM') {
      const [base = '', , name] = text.split(/\s+/);
      stages.push({ base, name, instructions: [] });
    } else {
      stages.at(-1)!.instructions.push({ keyword, text });
    }
  }
  return stages;
}

interface Copy {
  /** The stage that it copies from; none for the build context. */
  readonly from: string | undefined;
  readonly sources: readonly string[];
  readonly target: string;
}

export function copiesOf({ instructions }: Stage): readonly Copy[] {
  return instructions
    .filter(({ keyword }) => keyword === 'COPY')
    .map(({ text }) => {
      const words = text.split(/\s+/);
      const paths = words.filter((word) => !word.startsWith('--'));
      return {
        from: words.find((word) => word.startsWith('--from='))?.slice('--from='.length),
        sources: paths.slice(0, -1),
        target: paths.at(-1)!,
      };
    });
}

/** What a stage sets with ENV, in the form NAME=value. */
export function variablesOf({ instructions }: Stage): Record<string, string> {
  const pairs = instructions
    .filter(({ keyword }) => keyword === 'ENV')
    .flatMap(({ text }) => text.split(/\s+/))
    .map((pair) => [pair.split('=')[0]!, pair.slice(pair.indexOf('=') + 1)]);
  return Object.fromEntries(pairs) as Record<string, string>;
}

/** Whether the last pattern of .dockerignore that fits the path, or a directory it is in, leaves it out. */
export function isIgnored(path: string, patterns: readonly string[]): boolean {
  const names = path.split('/');
  const ancestors = names.map((_, at) => names.slice(0, at + 1).join('/'));
  let ignored = false;
  for (const pattern of patterns) {
    const isException = pattern.startsWith('!');
    const source = pattern.slice(isException ? 1 : 0).replace(/[.+^${}()|[\]\\]/g, '\\$&');
    const expression = new RegExp(`^${source.replace(/\*+/g, '[^/]*').replace(/\?/g, '[^/]')}$`);
    if (ancestors.some((ancestor) => expression.test(ancestor))) ignored = !isException;
  }
  return ignored;
}

export function readPatterns(): readonly string[] {
  return readFileSync(join(root, '.dockerignore'), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
}
