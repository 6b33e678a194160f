import { join } from 'node:path';
import { sleep, startChild, type Child } from './children';

// What `npm start` runs; it must have been built.
const main = join(__dirname, '..', '..', '..', 'dist', 'src', 'main.js');

/** One instance of the server after another, all on the same port. */
export class Instance {
  private child: Child | undefined;
  private isAskedToEnd = false;
  private readonly unexpectedEnds: string[] = [];

  constructor(
    readonly name: string,
    readonly port: number,
    private readonly environment: Record<string, string>,
    /** A program that runs it, with the arguments of that. */
    private readonly runner: readonly string[] = [],
  ) {}

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** The present process; it may have ended. */
  get pid(): number {
    return this.child!.pid;
  }

  /** What the present process has written lately. */
  output(): string {
    return this.child?.output() ?? '';
  }

  /** Starts a process, and waits until it serves. */
  async start(): Promise<void> {
    const environment = { HOST: '127.0.0.1', PORT: `${this.port}`, ...this.environment };
    const [command, ...args] = [...this.runner, process.execPath, main];
    const child = startChild(command, args, { environment });
    this.child = child;
    this.isAskedToEnd = false;
    while (!/serves http:/.test(child.output())) {
      if (child.ended() !== undefined) throw new Error(`${this.name}:\n${child.output()}`);
      await Promise.race([sleep(10), child.end]);
    }
    void child.end.then((how) => {
      if (!this.isAskedToEnd) this.unexpectedEnds.push(`${how}\n${child.output().slice(-2_000)}`);
    });
  }

  /** Asks it to stop, and gives back its exit code, or the signal that it died of. */
  async stop(): Promise<number | string | undefined> {
    this.isAskedToEnd = true;
    this.child?.signal('SIGTERM');
    const timer = setTimeout(() => this.child?.signal('SIGKILL'), 20_000);
    const how = await this.child?.end;
    clearTimeout(timer);
    return how;
  }

  /** A crash: it is gone at once, by SIGKILL. */
  async kill9(): Promise<void> {
    this.isAskedToEnd = true;
    await this.child?.kill();
  }

  /** Whether it says that it can serve. */
  async isReady(): Promise<boolean> {
    const response = await fetch(`${this.url}/readyz`).catch(() => undefined);
    return response?.status === 200;
  }

  /** How processes have ended that nobody had asked to: nothing, if all is well. */
  ends(): readonly string[] {
    return this.unexpectedEnds;
  }

  /** One number of its metrics; undefined when it is not there. */
  async metric(name: string): Promise<number | undefined> {
    const text = await (await fetch(`${this.url}/metrics`)).text();
    const line = text.split('\n').find((candidate) => candidate.startsWith(`${name} `));
    return line === undefined ? undefined : Number(line.slice(name.length));
  }
}
