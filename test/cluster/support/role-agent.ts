import { createServer } from 'node:http';
import { onCleanUp } from '../../support/processes/children';
import type { PostgresNode } from './postgres-node';

/** Tells HAProxy what a node is, as Patroni's REST API does: 200 on the path that names its role, 503 on the other. */
export async function startRoleAgent(node: PostgresNode, port: number): Promise<void> {
  const server = createServer((request, response) => {
    void node.isInRecovery().then((isInRecovery) => {
      const path = isInRecovery === undefined ? undefined : isInRecovery ? '/replica' : '/primary';
      response.writeHead(request.url === path ? 200 : 503, { connection: 'close' }).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  onCleanUp(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
}
