import { useQuery } from '@apollo/client/react';
import { readPage } from './documents';
import { Failure } from './failure';

const pageSize = 20;

/** The newest entries of a user, and a button that loads older ones. */
export function Entries({ userId }: { readonly userId: string }) {
  const { data, error, loading, fetchMore } = useQuery(readPage, {
    variables: { filter: { userIds: [userId] }, order: 'TIME_DESC', first: pageSize },
    notifyOnNetworkStatusChange: true,
  });
  if (error) return <Failure error={error} />;
  if (!data) return <p>Loading …</p>;
  const { edges, pageInfo } = data.logsConnection;
  return (
    <>
      <ol>
        {edges.map(({ node }) => (
          <li key={node.id}>
            {node.time} {node.type} {JSON.stringify(node.properties)}
          </li>
        ))}
      </ol>
      {pageInfo.hasNextPage && (
        <button
          disabled={loading}
          onClick={() => void fetchMore({ variables: { after: pageInfo.endCursor } })}
        >
          Older entries
        </button>
      )}
    </>
  );
}
