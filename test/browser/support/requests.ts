import type { TestServer } from '../../support/server/server';

/** How often the server answered, by `<method> <route> <status>`. */
export type Answers = ReadonlyMap<string, number>;

/** The answers until now, as the server counts them. */
export async function countAnswers(server: Pick<TestServer, 'url'>): Promise<Answers> {
  const text = await (await fetch(`${server.url}/metrics`)).text();
  const pattern =
    /^log_manager_http_requests_total\{method="(\w+)",route="([^"]+)",status="(\d+)"\} (\d+)$/gm;
  return new Map(
    [...text.matchAll(pattern)].map(([, method, route, status, count]) => [
      `${method} ${route} ${status}`,
      Number(count),
    ]),
  );
}

/** The answers since an earlier count. */
export function subtract(later: Answers, earlier: Answers): Answers {
  const differences = [...later].map(([name, count]) => [name, count - (earlier.get(name) ?? 0)] as const);
  return new Map(differences.filter(([, count]) => count > 0));
}

export function total(answers: Answers): number {
  return [...answers.values()].reduce((sum, count) => sum + count, 0);
}
