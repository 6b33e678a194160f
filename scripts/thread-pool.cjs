// The same as src/thread-pool.ts, which is not built yet when a script starts.
process.env.UV_THREADPOOL_SIZE ||= '8';
