import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ClientBase } from 'pg';
import { setUpConnection } from '../../../src/storage/postgres/connection';
import { checkServer } from '../../../src/storage/postgres/start';
import { StartError } from '../../../src/storage/start-error';
import { createEmptyDatabase, type TestDatabase } from '../../support/database/database';
import { openTestStore } from '../../support/database/store';

let database: TestDatabase;
beforeEach(async () => {
  database = await createEmptyDatabase();
});
afterEach(async () => {
  await database.remove();
});

const open = async (): Promise<void> => (await openTestStore(database.url)).close();

/** Fails when the database has other relations than these. */
const expectOnly = (names: string) =>
  database.execute(`DO $$ BEGIN
    ASSERT (SELECT string_agg(relname, ' ' ORDER BY relname COLLATE "C") FROM pg_class
      WHERE relnamespace = 'public'::regnamespace) = '${names}';
  END $$`);

describe('at start, a database', () => {
  it('that a newer version has migrated is refused', async () => {
    await open();
    await database.execute(
      `INSERT INTO migrations (timestamp, name) VALUES (1999999999999, 'FromTheFuture1999999999999')`,
    );
    const opening = open();
    await expect(opening).rejects.toBeInstanceOf(StartError);
    await expect(opening).rejects.toThrow(
      /^DATABASE_URL: .*newer version of Log Manager \(FromTheFuture1999999999999\)\. Start that/,
    );
  });

  it.each([
    ['log_entry', 'log_entry (id integer)', 'SELECT'],
    ['session', 'session (id integer)', 'SELECT'],
    ['api_key', 'api_key (id integer)', 'SELECT'],
    ['migrations', 'migrations (version integer)', 'INSERT INTO migrations VALUES (1)'],
    ['migrations', 'migrations (name text)', `INSERT INTO migrations VALUES ('CreateInvoice17')`],
  ])('with a table %s of another program is refused, and left as it is', async (name, table, fill) => {
    await database.execute(`CREATE TABLE ${table}; ${fill}`);
    const opening = open();
    await expect(opening).rejects.toBeInstanceOf(StartError);
    await expect(opening).rejects.toThrow(
      `DATABASE_URL: the table ${name} in the database belongs to another program.`,
    );
    await expectOnly(name);
  });

  it('of an earlier version, with a table of another program where ours is to be, is refused', async () => {
    await open();
    await database.execute(`DROP TABLE api_key; DELETE FROM migrations WHERE name LIKE 'CreateApiKey%';
      CREATE TABLE api_key (id integer)`);
    await expect(open()).rejects.toThrow('the table api_key in the database belongs to another program');
  });

  it('whose sequence of ids has another increment than a commit takes is refused', async () => {
    await open();
    await database.execute('ALTER SEQUENCE log_entry_id INCREMENT BY 4999');
    const opening = open();
    await expect(opening).rejects.toBeInstanceOf(StartError);
    await expect(opening).rejects.toThrow(/log_entry_id increments by 4999, and a commit takes 5000/);
    await database.execute('ALTER SEQUENCE log_entry_id INCREMENT BY 5000');
    await open();
  });

  it('with other tables of other programs is taken', async () => {
    await database.execute('CREATE TABLE invoice (id integer)');
    await open();
    await open();
  });

  it('with an empty table of migrations, as TypeORM leaves it, is taken', async () => {
    await database.execute(
      'CREATE TABLE migrations (id serial PRIMARY KEY, timestamp bigint NOT NULL, name varchar NOT NULL)',
    );
    await open();
  });
});

it('a server older than 14, or that changes text, is refused', async () => {
  const right = { version: 140_000, encoding: 'UTF8' };
  const check = (change: object) => checkServer({ query: async () => [{ ...right, ...change }] as never });
  await check({});
  for (const [change, message] of [
    [{ version: 130_022 }, 'PostgreSQL 14 or newer'],
    [{ encoding: 'LATIN1' }, 'the encoding UTF8, not LATIN1'],
  ] as const) {
    const checking = check(change);
    await expect(checking).rejects.toBeInstanceOf(StartError);
    await expect(checking).rejects.toThrow(message);
  }
});

it('a connection that writes is refused if commits are not durable', async () => {
  const setUp = (fsync: string, commit: string) => {
    const rows = [
      ['', 1, 'mark'],
      [fsync, commit, 1, 'mark'],
    ];
    const query = async () => ({ rows: [rows.shift()] });
    return setUpConnection({ query } as unknown as ClientBase, {});
  };
  await setUp('on', 'on');
  await setUp('on', 'remote_apply');
  await expect(setUp('off', 'on')).rejects.toThrow('fsync must be on (it is off)');
  await expect(setUp('on', 'off')).rejects.toThrow('synchronous_commit must not be off (it is off)');
});

describe('a start that fails says the remedy without a stack', () => {
  const refusalOf = async (change: (url: URL) => void): Promise<string> => {
    const url = new URL(database.url);
    change(url);
    const error: unknown = await openTestStore(url.href).catch((problem: unknown) => problem);
    expect(error).toBeInstanceOf(StartError);
    return (error as StartError).message;
  };

  it('when the database does not exist', async () => {
    const message = await refusalOf((url) => (url.pathname = '/no_such_database'));
    expect(message).toMatch(/^DATABASE_URL: The database does not exist\. Check its name/);
  });

  it('at once when the host is unknown', async () => {
    const message = await refusalOf((url) => (url.hostname = 'no-such-host.invalid'));
    expect(message).toMatch(/^DATABASE_URL: The host is unknown\. .*no-such-host\.invalid/);
  });

  it('when the user or the password is wrong', async () => {
    const message = await refusalOf((url) => {
      url.username = 'no_such_user';
      url.password = 'secret';
    });
    expect(message).toMatch(/^DATABASE_URL: PostgreSQL refuses the user/);
    expect(message).not.toContain('secret');
  });

  it('when the user may not create tables', async () => {
    await database.execute(`DO $$ BEGIN CREATE ROLE log_manager_guest LOGIN PASSWORD 'guest';
      EXCEPTION WHEN duplicate_object THEN NULL; END $$; REVOKE CREATE ON SCHEMA public FROM PUBLIC`);
    const message = await refusalOf((url) => {
      url.username = 'log_manager_guest';
      url.password = 'guest';
    });
    expect(message).toMatch(/^DATABASE_URL: The user lacks a privilege\..* grant CREATE/);
  });
});
