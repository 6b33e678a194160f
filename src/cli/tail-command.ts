import { InvalidArgumentError, Option, type Command } from 'commander';
import { cancelOnSignal, CommandError } from './command';
import { readFeed } from './tail/feed';
import { OutputStalledError, PipeClosedError, toTerminalJson, writeText } from './tail/output';

interface TailOptions {
  readonly user?: readonly string[];
  readonly session?: readonly string[];
  readonly type?: readonly string[];
  readonly filter?: object;
  readonly after?: string;
  readonly cursors?: true;
}

/** How long lines that standard output does not take are waited for after a signal. */
const maxFlushMs = 2_000;

/** Adds `log-manager tail <url>`. */
export function addTailCommand(program: Command): void {
  const collect = (value: string, previous: readonly string[] = []): readonly string[] => [
    ...previous,
    value,
  ];
  program
    .command('tail')
    .summary('print what is recorded, as it is committed')
    .description(
      'Prints the entries that a server records from now on, or after a cursor: one JSON object a line, in the ' +
        'order of their commits, without a gap or a double also when the connection is lost or the server restarts. ' +
        'What is erased on request is a line {"erasure": …}. Ends at Ctrl-C.',
    )
    .argument('<url>', 'address of the server, such as http://127.0.0.1:4000', toAddress)
    .option('--user <id>', 'only entries of this user; may be repeated', collect)
    .option('--session <id>', 'only entries of this session; may be repeated', collect)
    .option('--type <type>', 'only entries of this type; may be repeated', collect)
    .addOption(
      new Option('--filter <json>', 'a LogFilter as in schema.graphql, instead of these')
        .argParser(toFilter)
        .conflicts(['user', 'session', 'type']),
    )
    .option('--after <cursor>', 'start after this cursor')
    .option('--cursors', 'print a line {"cursor": …} after each page: all lines before it are complete')
    .addHelpText(
      'after',
      `
The key is read from the environment variable LOG_MANAGER_KEY; it needs the
scope read. Where to go on is printed on standard error at the end. Settings of
the server are not read. See docs/feed.md.
Example: log-manager tail http://127.0.0.1:4000 --type CLICK | jq .properties`,
    )
    .action((address: URL, options: TailOptions) => tail(address, options));
}

async function tail(
  address: URL,
  { filter, user, session, type, after, cursors }: TailOptions,
): Promise<void> {
  const request = {
    address,
    key: readKey(),
    filter: filter ?? { userIds: user, sessionIds: session, types: type },
    after,
  };
  const notice = (line: string): void => console.error(line);
  // Reported by the callback of the write.
  process.stdout.on('error', () => {});
  /** Of the last page that standard output took. */
  let cursor: string | undefined;
  let isFirst = true;
  let hasStalled = false;
  try {
    await cancelOnSignal(async (signal) => {
      for await (const page of readFeed(request, signal, notice)) {
        if (isFirst) {
          notice(`Following ${address}.`);
          cursor = after;
          isFirst = false;
        }
        const { entries, erasures } = page;
        const lines = [...entries, ...erasures.map((erasure) => ({ erasure }))];
        if (cursors) lines.push({ cursor: page.cursor });
        const text = lines.map((line) => `${toTerminalJson(line)}\n`).join('');
        if (text !== '') await writeText(text, signal, maxFlushMs);
        cursor = page.cursor;
        if (signal.aborted) return;
      }
    });
  } catch (error) {
    // The reader has all it wants, as in `log-manager tail … | head`. How much it took of the page is not known.
    if (error instanceof PipeClosedError) cursor = undefined;
    else if (!(error instanceof OutputStalledError)) throw error;
    else hasStalled = true;
  } finally {
    if (cursor !== undefined) notice(`Go on with --after ${cursor}`);
  }
  // The write that has not ended would keep the process.
  if (hasStalled) process.exit(1);
}

function readKey(): string | undefined {
  const key = process.env['LOG_MANAGER_KEY']?.trim();
  if (key === undefined || key === '') return undefined;
  if (/^[\x21-\x7e]+$/.test(key)) return key;
  throw new CommandError('LOG_MANAGER_KEY holds characters that no key has', 2);
}

function toAddress(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !['http:', 'https:'].includes(url.protocol)) {
    throw new InvalidArgumentError('An address is such as http://127.0.0.1:4000.');
  }
  if (url.username !== '' || url.password !== '') {
    throw new InvalidArgumentError('Set LOG_MANAGER_KEY instead of a user and a password.');
  }
  url.hash = '';
  url.pathname = url.pathname.replace(/\/*(graphql)?\/*$/, '/graphql');
  return url;
}

function toFilter(text: string): object {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  } catch {
    // Refused below.
  }
  throw new InvalidArgumentError(`It must be a JSON object, such as '{"types": ["CLICK"]}'.`);
}
