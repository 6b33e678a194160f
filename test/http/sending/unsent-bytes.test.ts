import { Socket } from 'node:net';
import { expect, it } from '@jest/globals';
import { createUnsentBytes } from '../../../src/http/sending/unsent-bytes';
import { ServiceUnavailableError } from '../../../src/logs/model/errors';

it('responses above 1 MB are refused while more than 64 MB would be unsent', () => {
  const unsent = createUnsentBytes();
  const connection = new Socket();
  const admit = (bytes: number) => () => unsent.admit(bytes);
  expect(admit(256_000_000)).not.toThrow();
  unsent.add(connection, 62_999_999);
  expect(admit(1_000_001)).not.toThrow();
  unsent.add(connection, 1);
  expect(admit(1_000_001)).toThrow(ServiceUnavailableError);
  expect(admit(1_000_000)).not.toThrow();
  unsent.remove(connection, 1);
  expect(admit(1_000_001)).not.toThrow();
  unsent.removeAll(connection);
  expect(admit(256_000_000)).not.toThrow();
});
