import { askAll } from '../tools/ask-all.mjs';
import { WrongAnswer } from '../tools/wrong-answer.mjs';
import { checksumOf, expectedChecksum } from './preload.mjs';

/**
 * Sends every query of a load once and compares the entries with the preloaded ones.
 * @returns the requests, each with the answer that drive() expects from this server
 */
export async function checkReads({ name, url }, load) {
  const check = ({ first }, text) => {
    const { logs } = JSON.parse(text).data ?? {};
    if (logs?.length !== load.entries) {
      throw new WrongAnswer(name, load.name, `${load.entries} entries`, logs?.length ?? text);
    }
    const expected = expectedChecksum(first, load.entries);
    const actual = checksumOf(logs);
    if (actual !== expected) {
      throw new WrongAnswer(name, load.name, `checksum ${expected}`, `${actual} of ${text}`);
    }
  };
  return askAll(url, load.requests, check);
}
