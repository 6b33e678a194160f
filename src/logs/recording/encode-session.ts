import { formatInstant, parseInstant, type Instant } from '../model/instant';
import { openPrincipal, type Principal } from '../access/principal';
import { digestSession } from './idempotency-key';
import type { EncodedSession, Receipt } from '../log-entry-repository';
import type { LogEntry } from '../model/log-entry';
import type { SessionInput } from './session-input';

/** A session with its least and greatest time; undefined without actions. */
export interface EncodedInput extends EncodedSession {
  readonly first: Instant | undefined;
  readonly last: Instant | undefined;
}

/**
 * Encodes a valid session for `insertSessions`.
 * @param sender see {@link digestSession}
 */
export function encodeSession(session: SessionInput, sender: Principal = openPrincipal): EncodedInput {
  const { userId, sessionId, actions } = session;
  const idempotency = digestSession(session, sender);
  let rows = '';
  let least: Instant | undefined;
  let greatest: Instant | undefined;
  for (const { time, type, properties } of actions) {
    const instant = parseInstant(time)!;
    if (least === undefined || instant < least) least = instant;
    if (greatest === undefined || instant > greatest) greatest = instant;
    if (rows !== '') rows += ',';
    rows += `[${instant},${JSON.stringify(type)},${JSON.stringify(properties ?? {})}]`;
  }
  const range = `${least ?? null},${greatest ?? null}`;
  const key = idempotency ? `,"${idempotency.key}","${idempotency.digest}"` : '';
  return {
    json: `[${JSON.stringify(userId)},${JSON.stringify(sessionId)},[${rows}],${range}${key}]`,
    entryCount: actions.length,
    idempotency,
    first: least,
    last: greatest,
  };
}

/** The entries of a recorded session, equal to those that a query returns. */
export function flattenSession(session: SessionInput, receipt: Receipt): LogEntry[] {
  const { userId, sessionId, actions } = session;
  const receivedAt = formatInstant(receipt.receivedAt);
  return actions.map(({ time, type, properties }, at) => ({
    id: String(receipt.firstId + at),
    time: formatInstant(parseInstant(time)!),
    type,
    properties: properties ?? {},
    userId,
    sessionId,
    receivedAt,
  }));
}
