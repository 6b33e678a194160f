import { InvalidInputError, type Violation } from '../../logs/model/errors';
import { isObject } from '../../logs/model/json';
import { kindOf, mustBe } from '../../logs/validation/kind';

const example = '{"query": "{ serverInfo { version } }"}';
const jsonParameters: ReadonlySet<string> = new Set(['variables', 'extensions']);

/**
 * Checks the parts of a GraphQL request, as https://graphql.github.io/graphql-over-http has them.
 * @param sent the body of a POST
 * @throws {InvalidInputError} listing every violation
 */
export function checkRequest(sent: unknown): void {
  if (!isObject(sent)) throw new InvalidInputError([{ path: 'body', message: explainBody(sent) }]);
  const violations: Violation[] = [];
  for (const name of ['variables', 'extensions']) {
    const value = sent[name] ?? {};
    if (!isObject(value)) violations.push({ path: name, message: mustBe('a JSON object', value) });
  }
  const { query, operationName, extensions } = sent;
  // Apollo Server answers clients that send the hash of a document only.
  const isPersisted = isObject(extensions) && Boolean(extensions['persistedQuery']);
  const isMissing = query === undefined || query === null || query === '';
  if (isMissing && !isPersisted) {
    violations.push({ path: 'query', message: 'is required and must be a GraphQL document, as a string' });
  } else if (!isMissing && typeof query !== 'string') {
    violations.push({ path: 'query', message: mustBe('a GraphQL document, as a string', query) });
  }
  if (typeof (operationName ?? '') !== 'string') {
    violations.push({ path: 'operationName', message: mustBe('a string', operationName) });
  }
  if (violations.length > 0) throw new InvalidInputError(violations);
}

function explainBody(sent: unknown): string {
  if (sent === undefined) return `is required and must be a JSON object with query, such as ${example}`;
  const advice = Array.isArray(sent)
    ? ': send each operation in a request of its own'
    : `, such as ${example}`;
  return `must be a JSON object with query, not ${kindOf(sent)}${advice}`;
}

/** Checks the parts of a GraphQL request in a query string. Throws as {@link checkRequest} does. */
export function checkParameters(parameters: URLSearchParams): void {
  const violations: Violation[] = [];
  const sent: Record<string, unknown> = {};
  for (const name of new Set(parameters.keys())) {
    const [value = '', ...others] = parameters.getAll(name);
    if (others.length > 0 && /^(query|operationName|variables|extensions)$/.test(name)) {
      violations.push({ path: name, message: 'must be given once' });
    }
    try {
      sent[name] = jsonParameters.has(name) ? JSON.parse(value) : value;
      // In the body of a POST, null stands for an absent one.
      if (sent[name] === null) violations.push({ path: name, message: mustBe('a JSON object', null) });
    } catch {
      violations.push({ path: name, message: 'must be a JSON object, written as JSON' });
    }
  }
  if (violations.length > 0) throw new InvalidInputError(violations);
  checkRequest(sent);
}
