import { useMutation } from '@apollo/client/react';
import { useState } from 'react';
import { readPage, recordSession } from './documents';
import { Failure } from './failure';

const sessionId = crypto.randomUUID();

/** Records an action of the type that is entered. The server refuses an empty one. */
export function Recorder({ userId }: { readonly userId: string }) {
  const [type, setType] = useState('CLICK');
  const [record, { error, loading }] = useMutation(recordSession, { refetchQueries: [readPage] });

  function send(): void {
    const input = {
      userId,
      sessionId,
      actions: [{ time: new Date().toISOString(), type, properties: { language: navigator.language } }],
      // Of this action: however often it is sent, it is stored once.
      idempotencyKey: crypto.randomUUID(),
    };
    // The error is shown below.
    record({ variables: { input } }).catch(() => {});
  }

  return (
    <p>
      <input aria-label="Type" value={type} onChange={(event) => setType(event.target.value)} />
      <button disabled={loading} onClick={send}>
        Record
      </button>
      {error && <Failure error={error} />}
    </p>
  );
}
