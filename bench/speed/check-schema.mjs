import Database from 'better-sqlite3';

/** Says so when a server's table has other columns or indexes than the first one's: then they do not do the same work. */
export function checkSchemas([first, ...others]) {
  const expected = describeTable(first.file);
  for (const { name, file } of others) {
    if (describeTable(file) === expected) continue;
    console.warn(
      `Not alike: log_entry of ${name} and of ${first.name} (bench/servers/log-entry.sql)`,
    );
  }
}

function describeTable(file) {
  const database = new Database(file, { readonly: true });
  const all = (sql) => database.prepare(sql).all();
  const columns = all(`SELECT name, type, "notnull", pk FROM pragma_table_info('log_entry')`);
  const indexes = all(`SELECT i."unique", i.partial, group_concat(c.name) AS columns
    FROM pragma_index_list('log_entry') AS i, pragma_index_info(i.name) AS c
    GROUP BY i.name ORDER BY columns`);
  database.close();
  return JSON.stringify({ columns, indexes });
}
