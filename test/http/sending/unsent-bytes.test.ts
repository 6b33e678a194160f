import { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { beforeEach, expect, it } from '@jest/globals';
import { createUnsentBytes, type UnsentBytes } from '../../../src/http/sending/unsent-bytes';
import { OverloadedError } from '../../../src/logs/model/errors';

let refusedCount: number;
let unsent: UnsentBytes;
beforeEach(() => {
  refusedCount = 0;
  unsent = createUnsentBytes(() => refusedCount++);
});

const createResponse = () => new EventEmitter() as ServerResponse;
/** Reserves bytes of a new answer that is then sent, or refused. */
const reserve = (bytes: number) => () => {
  const response = createResponse();
  unsent.reserve(response, bytes);
  unsent.release(response);
};

it('large answers are refused while more than 64 MB would be unsent, others above 128 MB, small ones never', () => {
  const [connection, other] = [new Socket(), new Socket()];
  expect(reserve(256_000_000)).not.toThrow();
  unsent.note(connection, 60_000_000);
  unsent.note(other, 2_999_999);
  expect(unsent.room(createResponse())).toBe(1_000_001);
  expect(reserve(1_000_001)).not.toThrow();
  unsent.note(other, 3_000_000);
  expect(reserve(1_000_001)).toThrow(OverloadedError);
  expect(reserve(1_000_000)).not.toThrow();
  unsent.note(connection, 124_900_000);
  expect(unsent.room(createResponse())).toBe(100_000);
  unsent.note(connection, 200_000_000);
  expect(unsent.room(createResponse())).toBe(65_536);
  unsent.note(connection, 124_000_001);
  expect(reserve(1_000_000)).toThrow(OverloadedError);
  expect(reserve(65_536)).not.toThrow();
  unsent.note(connection, 124_000_000);
  expect(reserve(1_000_000)).not.toThrow();
  connection.destroy();
  other.destroy();
  expect(unsent.total()).toBe(0);
  expect(unsent.room(createResponse())).toBe(Infinity);
  expect(reserve(256_000_000)).not.toThrow();
  expect(refusedCount).toBe(2);
});

it('a refusal says when to ask again', () => {
  unsent.note(new Socket(), 64_000_000);
  expect(reserve(2_000_000)).toThrow(
    expect.objectContaining({
      message: expect.stringMatching(/^Too many large responses .* Send the request again in [12] s\.$/),
      details: { retryAfterMs: expect.any(Number) },
    }),
  );
});

it('an answer that is made counts with the bytes that are known, until it is sent or its client has gone', () => {
  const [first, second, third] = [createResponse(), createResponse(), createResponse()];
  unsent.reserve(first, 32_000_000);
  unsent.reserve(second, 2_000_000);
  unsent.reserve(second, 32_000_000);
  unsent.reserve(second, 31_000_000);
  expect(unsent.total()).toBe(64_000_000);
  expect(() => unsent.reserve(second, 32_000_001)).toThrow(OverloadedError);
  expect(() => unsent.reserve(third, 2_000_000)).toThrow(OverloadedError);
  unsent.reserve(third, 2_000_000, false);
  expect(unsent.total()).toBe(66_000_000);
  expect(unsent.connections()).toEqual([]);
  unsent.release(first);
  second.emit('close');
  third.emit('close');
  expect(unsent.total()).toBe(0);
  unsent.reserve(Object.assign(createResponse(), { destroyed: true }), 2_000_000);
  expect(unsent.total()).toBe(0);
});

it('the bytes that a socket has not sent count until they are sent, with those it has not been given', () => {
  const socket = Object.assign(new Socket(), { connecting: true });
  socket.write('x'.repeat(100));
  unsent.note(socket, 50);
  expect(unsent.total()).toBe(150);
  expect(unsent.connections()).toEqual([socket]);
  unsent.note(socket);
  expect(unsent.total()).toBe(150);
  unsent.note(socket, 0);
  expect(unsent.total()).toBe(100);
  socket.destroy();
  expect(unsent.connections()).toEqual([]);
});
