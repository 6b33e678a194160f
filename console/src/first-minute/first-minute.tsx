import { useMutation } from '@tanstack/react-query';
import { queries } from '../api/queries';
import { request } from '../api/request';
import { useViewer } from '../api/viewer';
import { accessKey } from '../api/key';
import { Button } from '../design/button';
import { CopyButton } from '../design/copy-button';
import { ErrorNotice } from '../design/notice';
import { graphql } from '../gql';
import { navigate } from '../state/location';
import { curlLine, mutation, sampleSession } from './sample';
import './first-minute.css';

const recordSample = graphql(`
  mutation RecordSample($input: RecordSessionInput!) {
    recordSession(input: $input) {
      recordedCount
    }
  }
`);

/** What an empty store shows: how the first session gets in. The page around it looks for entries meanwhile. */
export function FirstMinute() {
  const { data: viewer } = useViewer();
  const userId = viewer?.userId ?? undefined;
  const sample = useMutation({
    mutationFn: async () => {
      const input = sampleSession(userId ?? 'sample-user');
      await request(recordSample, { input });
      return input;
    },
    onSuccess: async ({ userId, sessionId }) => {
      await queries.invalidateQueries();
      navigate(`/sessions?${new URLSearchParams({ user: userId, session: sessionId }).toString()}`);
    },
  });
  const mayRecord = viewer?.scopes.includes('RECORD') ?? false;

  return (
    <div className="first">
      <div className="first-head">
        <h1>No entries yet</h1>
        <p className="muted" role="status">
          <span className="first-dot" aria-hidden="true" /> Waiting for the first entry. It appears here at
          once.
        </p>
      </div>
      {mayRecord && (
        <section className="first-step panel" aria-labelledby="first-sample">
          <h2 id="first-sample">Try a sample session</h2>
          <p>
            Records seven actions of a shop for the user “{userId ?? 'sample-user'}”, and opens them.{' '}
            {viewer?.scopes.includes('ERASE') && 'You can erase them there.'}
          </p>
          <Button kind="primary" isDisabled={sample.isPending} onPress={() => sample.mutate()}>
            {sample.isPending ? 'Recording…' : 'Record a sample session'}
          </Button>
          {sample.error && <ErrorNotice error={sample.error} onRetry={() => sample.mutate()} />}
        </section>
      )}
      <Snippet title="From a terminal" text={curlLine(location.origin, accessKey() !== null, userId)} />
      <Snippet title="With GraphQL" text={mutation(userId)}>
        <a href="/graphiql">Open Try it</a>
      </Snippet>
    </div>
  );
}

function Snippet({ title, text, children }: { title: string; text: string; children?: React.ReactNode }) {
  return (
    <section className="first-step panel">
      <div className="first-title">
        <h2>{title}</h2>
        {children}
        <CopyButton text={text} />
      </div>
      <pre tabIndex={0} aria-label={title}>
        {text}
      </pre>
    </section>
  );
}
