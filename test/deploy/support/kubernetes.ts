import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import ts from 'typescript';
import { root, type Yaml } from './deploy';

export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Yaml;
  readonly spec: Yaml;
}

/** The npm package that has the schemas of the manifest's API group. */
function modelOf({ apiVersion, kind }: Manifest): string {
  const isOperator = apiVersion.startsWith('postgresql.cnpg.io/');
  const name = isOperator ? '@kubernetes-models/cloudnative-pg' : 'kubernetes-models';
  return `${name}/${apiVersion}/${kind}`;
}

/**
 * Where each manifest departs from its schema, in words; nothing for one that fits.
 * The validators find values and formats that are wrong, and let fields pass that they do not know. The compiler finds
 * those: to it, a manifest is an object literal of the type of its kind.
 */
export function findProblems(manifests: readonly Manifest[]): readonly (readonly string[])[] {
  const unfit = validate(manifests);
  const mistyped = compile(manifests);
  return manifests.map((_, at) => [...unfit[at]!, ...mistyped[at]!]);
}

/** In a process of its own, since the packages are ES modules, which Jest does not load. */
const validator = `
import { text } from 'node:stream/consumers';
const problems = [];
for (const { model, manifest } of JSON.parse(await text(process.stdin))) {
  try {
    const { [manifest.kind]: Model } = await import(model);
    new Model(manifest).validate();
    problems.push([]);
  } catch (error) {
    problems.push([error.message]);
  }
}
console.log(JSON.stringify(problems));
`;

function validate(manifests: readonly Manifest[]): string[][] {
  const input = manifests.map((manifest) => ({ model: modelOf(manifest), manifest }));
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--input-type=module', '--eval', validator],
    { cwd: root, input: JSON.stringify(input), encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`The validators cannot run:\n${stderr}`);
  return JSON.parse(stdout) as string[][];
}

function compile(manifests: readonly Manifest[]): string[][] {
  const sources = new Map(
    manifests.map((manifest, at) => [
      join(root, 'test', `manifest-${at}.ts`),
      `import type { I${manifest.kind} as Model } from '${modelOf(manifest)}';\n` +
        `export const manifest: Model = ${JSON.stringify(manifest)};\n`,
    ]),
  );
  const options: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    types: [],
    lib: ['lib.es2023.d.ts'],
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
  };
  const host = ts.createCompilerHost(options);
  const files: ts.CompilerHost = {
    ...host,
    fileExists: (name) => sources.has(name) || host.fileExists(name),
    readFile: (name) => sources.get(name) ?? host.readFile(name),
    getSourceFile: (name, target) => {
      const source = sources.get(name);
      if (source === undefined) return host.getSourceFile(name, target);
      return ts.createSourceFile(name, source, target);
    },
  };
  const program = ts.createProgram([...sources.keys()], options, files);
  const elsewhere = [...program.getOptionsDiagnostics(), ...program.getGlobalDiagnostics()];
  if (elsewhere.length > 0) throw new Error(elsewhere.map(inWords).join('\n'));
  return [...sources.keys()].map((name) => {
    const file = program.getSourceFile(name);
    const found = [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)];
    return found.map(inWords);
  });
}

function inWords({ messageText }: ts.Diagnostic): string {
  return ts.flattenDiagnosticMessageText(messageText, ' ');
}
