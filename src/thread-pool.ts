/**
 * Threads of libuv's pool, unless the operator has set UV_THREADPOOL_SIZE: SQLite's connections occupy theirs for
 * whole statements, and compression, files and DNS need others. libuv reads the variable when the pool gets
 * its first task (https://docs.libuv.org/en/v1.x/threadpool.html), so entry points import this module first. An entry
 * point that is an ES module is too late: Node reads it in the pool.
 */
process.env['UV_THREADPOOL_SIZE'] ||= '8';
