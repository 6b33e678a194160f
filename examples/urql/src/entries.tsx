import { useState } from 'react';
import { useQuery } from 'urql';
import { readPage } from './documents';
import { Failure } from './failure';

const pageSize = 20;

/** A page of a user's entries, the newest first, and a button that loads the next page below it. */
export function Entries({
  userId,
  after = null,
}: {
  readonly userId: string;
  readonly after?: string | null;
}) {
  const [isOpen, setIsOpen] = useState(false);
  const [{ data, error }] = useQuery({
    query: readPage,
    variables: { filter: { userIds: [userId] }, order: 'TIME_DESC', first: pageSize, after },
  });
  if (error) return <Failure error={error} />;
  if (!data) return <p>Loading …</p>;
  const { edges, pageInfo } = data.logsConnection;
  return (
    <>
      <ul>
        {edges.map(({ node }) => (
          <li key={node.id}>
            {node.time} {node.type} {JSON.stringify(node.properties)}
          </li>
        ))}
      </ul>
      {pageInfo.hasNextPage && !isOpen && <button onClick={() => setIsOpen(true)}>Older entries</button>}
      {pageInfo.hasNextPage && isOpen && <Entries userId={userId} after={pageInfo.endCursor} />}
    </>
  );
}
