// Another program that uses the file: `node lock-holder.mjs FILE MS` keeps everybody else from writing for so long.
import { setTimeout as sleep } from 'node:timers/promises';
import sqlite3 from 'sqlite3';

const [file, ms] = process.argv.slice(2);
const database = new sqlite3.Database(file, sqlite3.OPEN_READWRITE);
database.configure('busyTimeout', 60_000);
await execute('BEGIN IMMEDIATE');
console.log('locked');
await sleep(Number(ms));
await execute('ROLLBACK');
console.log('unlocked');

function execute(sql) {
  return new Promise((resolve, reject) => {
    database.exec(sql, (error) => (error ? reject(error) : resolve()));
  });
}
