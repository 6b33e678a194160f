import { formatInstant, parseInstant, type Instant } from '../model/instant';
import type { JsonObject } from '../model/json';
import { toOnceOnly } from './idempotency-key';
import type { EncodedSession, Receipt } from '../log-entry-repository';
import type { SessionInput } from './session-input';

/** One action, with the user and the session it belongs to. */
export interface LogEntry {
  readonly id: string;
  /** UTC; see {@link formatInstant}. */
  readonly time: string;
  readonly type: string;
  readonly properties: JsonObject;
  readonly userId: string;
  readonly sessionId: string;
  readonly receivedAt: string;
}

/** Writes a valid session down as the store takes it. */
export function encodeSession(session: SessionInput): EncodedSession {
  const { userId, sessionId, actions } = session;
  const once = toOnceOnly(session);
  let rows = '';
  let least: Instant | undefined;
  let greatest: Instant | undefined;
  for (const { time, type, properties } of actions) {
    const instant = instantOf(time);
    if (least === undefined || instant < least) least = instant;
    if (greatest === undefined || instant > greatest) greatest = instant;
    if (rows !== '') rows += ',';
    rows += `[${instant},${JSON.stringify(type)},${JSON.stringify(properties ?? {})}]`;
  }
  const range = `${least ?? null},${greatest ?? null}`;
  const onlyOnce = once ? `,"${once.key}","${once.digest}"` : '';
  return {
    json: `[${JSON.stringify(userId)},${JSON.stringify(sessionId)},[${rows}],${range}${onlyOnce}]`,
    entryCount: actions.length,
    once,
  };
}

/** The entries that a session has become: what reading them from the store would give. */
export function flattenSession(session: SessionInput, receipt: Receipt): LogEntry[] {
  const { userId, sessionId, actions } = session;
  const receivedAt = formatInstant(receipt.receivedAt);
  return actions.map(({ time, type, properties }, at) => ({
    id: String(receipt.firstId + at),
    time: formatInstant(instantOf(time)),
    type,
    properties: properties ?? {},
    userId,
    sessionId,
    receivedAt,
  }));
}

function instantOf(validTime: string): Instant {
  return parseInstant(validTime)!;
}
