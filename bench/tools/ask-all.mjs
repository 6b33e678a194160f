import { expectationOf } from './drive.mjs';

/**
 * Sends each request once, eight at a time.
 * @param check throws if the text of an answer is wrong
 * @returns the requests as drive() takes them, each with its answer
 */
export async function askAll(url, requests, check) {
  // The first answers to a new document may differ from later ones in white space.
  for (let time = 0; time < 3; time++) await askEach(url, requests.slice(0, 1), check);
  return askEach(url, requests, check);
}

async function askEach(url, requests, check) {
  const asked = [];
  const rest = requests.entries();
  const ask = async () => {
    for (const [at, request] of rest) {
      const headers = { 'content-type': 'application/json' };
      const response = await fetch(url, { method: 'POST', headers, body: request.body });
      const text = await response.text();
      check(request, text);
      asked[at] = { body: request.body, expected: expectationOf(text) };
    }
  };
  await Promise.all(Array.from({ length: 8 }, ask));
  return asked;
}

/** Gives each connection all requests; each connection begins at another one. */
export function staggerRequests(requests, connections) {
  return (connection) => {
    const begin = Math.floor((connection * requests.length) / connections);
    return [...requests.slice(begin), ...requests.slice(0, begin)];
  };
}
