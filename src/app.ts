import './json-parse';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from './config/config';
import type { ErrorObserver } from './graphql/errors/report-errors';
import { createGraphQLServer } from './graphql/server';
import { limitHeapGrowth } from './heap-growth';
import { isLoopback } from './http/auth/loopback';
import { checkListen, listen, ListenError, type Listener, type ListenOptions } from './http/listen';
import { createMetricsServer } from './http/metrics-server';
import type { UnreadyReason } from './http/operations-routes';
import { createHttpServer } from './http/server';
import { openKeyring } from './logs/access/keyring';
import type { LogEntryRepository } from './logs/log-entry-repository';
import { errorCodes } from './logs/model/error-codes';
import { DatabaseFaultError, LogManagerError } from './logs/model/errors';
import type { Instant } from './logs/model/instant';
import { createServices } from './logs/services';
import { startRetention } from './logs/erasing/retention';
import { findRoot, readVersion } from './package-root';
import { openRepository } from './storage/database';
import { StartError } from './storage/start-error';
import type { Logger } from './telemetry/logger';
import { createMetrics, type Metrics } from './telemetry/metrics';
import { createRepeatedLines, type RepeatedLines } from './telemetry/repeated-lines';

/** Deletions and exports end after this time, so that their clients get an answer that says so. */
export const deletionTimeoutMs = 7_000;
/** Open requests are dropped after this time, so that stopping takes less than 10 seconds. */
export const drainTimeoutMs = 8_000;

export { ListenError, StartError };

/** A server with its database. */
export type App = Awaited<ReturnType<typeof createApp>>;

/**
 * Opens the database and creates a server that does not listen yet.
 * @param consoleDirectory of the built files of the console
 * @throws {StartError} when the database cannot be used
 * @throws {ListenError} when the address cannot be listened on
 */
export async function createApp(
  config: Config,
  logger: Logger,
  consoleDirectory = join(findRoot(), 'console', 'dist'),
) {
  // Before the database is opened, because opening creates the file.
  const [mainPort, metricsPort] = portsOf(config);
  await checkListen(mainPort);
  if (metricsPort) await checkListen(metricsPort);
  const metrics = createMetrics();
  const repeated = createRepeatedLines(logger);
  const observer = createErrorObserver(metrics, logger, repeated);
  const { database, retentionDays } = config;
  const hasReplica = database.kind === 'postgres' && database.readUrl !== undefined;
  const replicaUsable = hasReplica ? metrics.replicaUsable() : undefined;
  const repository = await openRepository(
    database,
    {
      onWarning: (error, message) => logger.warn({ err: error }, message),
      onReplicaChange: (isUsable) => {
        replicaUsable?.set(isUsable ? 1 : 0);
        if (isUsable) logger.info('replica usable: reads go to the replica');
      },
      lane: {
        onWaiting: (count) => metrics.laneWaiting.set(count),
        onStarted: (waitedMs) => metrics.laneWaitSeconds.observe(waitedMs / 1_000),
        onRefused: (reason) => metrics.laneRefusals.inc({ reason }),
      },
    },
    config.maxResponseBytes,
  );
  if (repository.logBytes) metrics.walBytes(repository.logBytes);
  if (repository.changes.lagSeconds) metrics.feedLagSeconds(repository.changes.lagSeconds);
  const keyring = await openKeyring({
    ...config,
    store: repository.keys,
    onError: (err, message) => repeated.log({ kind: message, level: 'warn', fields: { err }, message }),
    onClosed: () => logger.info('a key was made: requests now need one'),
  }).catch(async (error: unknown) => {
    await repository.close();
    throw error;
  });
  if (keyring.isOpen() && !config.isAuthOff && !isLoopback(config.host)) {
    await keyring.close();
    await repository.close();
    throw new StartError(needsKey);
  }
  const services = createServices({
    ...config,
    queryTimeoutMs: database.queryTimeoutMs,
    repository,
    isOpen: keyring.isOpen,
    version: readVersion(),
    now,
    onCommit: ({ entryCount, sessionCount, replayedCount, durationMs }) => {
      metrics.sessionsReplayed.inc(replayedCount);
      metrics.entriesRecorded.inc(entryCount);
      metrics.commitSessions.observe(sessionCount);
      metrics.commitSeconds.observe(durationMs / 1_000);
    },
    onBug: (err) => logger.error({ err }, 'bug in the group commit'),
    feedObserver: {
      onSubscribers(count) {
        metrics.subscribers.set(count);
        limitHeapGrowth(count > 0);
      },
      onMessage(entryCount) {
        metrics.subscriptionMessages.inc();
        metrics.subscriptionEntries.inc(entryCount);
      },
      onTooSlow: () => metrics.subscribersTooSlow.inc(),
      onError(err) {
        const message = 'feed read failed; retrying';
        repeated.log({ kind: message, level: 'warn', fields: { err }, message });
      },
    },
    onDeleted: (report) => {
      metrics.entriesErased.inc({ reason: 'request' }, report.deletedCount);
      if (report.err === undefined) logger.info(report, 'entries deleted');
      else logger.warn(report, 'deletion stopped before its end');
    },
  });
  if (retentionDays !== undefined) metrics.retentionDays().set(retentionDays);
  const retention = startRetention({
    ...config,
    repository,
    deletion: services.deletion,
    now,
    onErased: (expiredCount) => {
      metrics.entriesErased.inc({ reason: 'retention' }, expiredCount);
      logger.info({ expiredCount }, 'expired entries deleted');
    },
    onComplete: () => {
      // Creates the counter.
      metrics.entriesErased.inc({ reason: 'retention' }, 0);
      metrics.retentionTime.setToCurrentTime();
    },
    onError: (err) => logger.warn({ err }, 'retention failed; retrying'),
    onWrongClock: (reason) =>
      logger.error({ reason }, 'retention stopped: correct the clock, then restart the server'),
  });
  const typeDefs = readFileSync(join(findRoot(), 'schema.graphql'), 'utf8');
  const graphql = await createGraphQLServer(typeDefs, observer);
  let isStopping = false;
  let isDropping = false;
  const forOperators = {
    logger,
    metrics,
    observer,
    findUnreadyReason: async () => (isStopping ? 'stopping' : ping(repository, repeated)),
  };
  const http = await createHttpServer({
    ...config,
    ...forOperators,
    consoleDirectory,
    graphql,
    keyring,
    services,
    isStopping: () => isStopping,
    isDropping: () => isDropping,
  });
  const metricsHttp = metricsPort && createMetricsServer(forOperators);

  let listener: Listener | undefined;
  let metricsListener: Listener | undefined;
  return {
    /** Who may use the server, for the log. */
    access: describeAccess(config, keyring.isOpen()),

    /** Starts listening. Returns the addresses, such as 127.0.0.1:4000. */
    async start(): Promise<readonly string[]> {
      if (metricsHttp) metricsListener = await listen(metricsHttp, metricsPort);
      listener = await listen(http, mainPort);
      return listener.addresses;
    },
    /** Fails readiness, keeps serving for STOP_DELAY_MS, drains open requests, then closes the database. */
    async stop(): Promise<void> {
      isStopping = true;
      await new Promise((resolve) => setTimeout(resolve, config.stopDelayMs));
      services.feed.stop();
      const deadlines = [
        setTimeout(() => {
          services.deletion.stop();
          isDropping = true;
        }, deletionTimeoutMs),
        setTimeout(() => http.server.closeAllConnections(), drainTimeoutMs),
      ];
      await (listener ?? http).close();
      // Last, so that probes and Prometheus see how the server drains.
      await (metricsListener ?? metricsHttp)?.close();
      await services.deletion.whenIdle();
      for (const deadline of deadlines) clearTimeout(deadline);
      await graphql.apollo.stop();
      await retention.stop();
      await services.recorder.drain();
      await keyring.close();
      await repository.close();
      repeated.flush();
    },
  };
}

/** The addresses of PORT and, if it is set, of METRICS_PORT. */
function portsOf({ host, port, metricsPort }: Config): readonly [ListenOptions, ListenOptions?] {
  const main = { host, port, portSetting: 'PORT' } as const;
  if (metricsPort === undefined) return [main];
  return [main, { host, port: metricsPort, portSetting: 'METRICS_PORT' }];
}

/** Why a server that others can reach does not start without a key. */
const needsKey =
  'HOST: everybody who reaches this address could read and erase everything, because there is no key. Make one with ' +
  '`npm run -s log-manager -- keys create my-app --scopes record,read`. In a container, set ADMIN_KEY to a secret of ' +
  '32 characters or more, such as `openssl rand -hex 32` prints.';

function describeAccess({ host }: Config, isOpen: boolean): string {
  if (!isOpen) return 'clients with a key';
  if (isLoopback(host)) return 'programs on this machine, without a key';
  return 'every machine that reaches these addresses, without a key: AUTH=none';
}

/** Counts the errors in responses, and logs those that an operator should know. */
function createErrorObserver(metrics: Metrics, logger: Logger, repeated: RepeatedLines): ErrorObserver {
  // Prometheus computes no increase from a counter that appears with its first error.
  for (const code of Object.keys(errorCodes)) metrics.rejections.inc({ code }, 0);
  return {
    rejected: (code) => metrics.rejections.inc({ code }),
    failed: (err, requestId) => {
      const line = { fields: { requestId, err }, message: 'request failed' };
      if (err instanceof LogManagerError) {
        const { code, logLevel: level } = err;
        repeated.log({ ...line, kind: `${level} ${code}`, level });
      }
      // Every one is logged: its client received the requestId.
      else logger.error(line.fields, line.message);
    },
  };
}

/** Why the database cannot serve requests, if it cannot; logs the error. */
async function ping(
  repository: LogEntryRepository,
  repeated: RepeatedLines,
): Promise<UnreadyReason | undefined> {
  try {
    await repository.ping();
    return undefined;
  } catch (error) {
    const message = 'database ping failed';
    repeated.log({ kind: message, level: 'error', fields: { err: error }, message });
    if (!(error instanceof DatabaseFaultError)) return 'database_failed';
    return error.fault === 'damaged' ? 'database_damaged' : 'database_files_replaced';
  }
}

const now = (): Instant => BigInt(Date.now()) * 1_000n;
