import { Socket } from 'node:net';
import { expect, it } from '@jest/globals';
import { createUnsentBytes } from '../../../src/http/sending/unsent-bytes';
import { ServiceUnavailableError } from '../../../src/logs/model/errors';

const unsent = createUnsentBytes();
const admit = (bytes: number) => () => unsent.admit(bytes);

it('large lists are refused while more than 64 MB would be unsent, others above 128 MB, small ones never', () => {
  const [connection, other] = [new Socket(), new Socket()];
  expect(admit(256_000_000)).not.toThrow();
  unsent.note(connection, 60_000_000);
  unsent.note(other, 2_999_999);
  expect(admit(1_000_001)).not.toThrow();
  unsent.note(other, 3_000_000);
  expect(admit(1_000_001)).toThrow(ServiceUnavailableError);
  expect(admit(1_000_000)).not.toThrow();
  unsent.note(connection, 124_000_001);
  expect(admit(1_000_000)).toThrow(ServiceUnavailableError);
  expect(admit(65_536)).not.toThrow();
  unsent.note(connection, 124_000_000);
  expect(admit(1_000_000)).not.toThrow();
  connection.destroy();
  other.destroy();
  expect(unsent.total()).toBe(0);
  expect(admit(256_000_000)).not.toThrow();
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
