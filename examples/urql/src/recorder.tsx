import { useState } from 'react';
import { useMutation } from 'urql';
import { recordSession } from './documents';
import { Failure } from './failure';

const sessionId = crypto.randomUUID();

/** Records an action of the type that is entered. The server refuses an empty one. */
export function Recorder({ userId }: { readonly userId: string }) {
  const [type, setType] = useState('CLICK');
  const [{ error, fetching }, record] = useMutation(recordSession);

  function send(): void {
    const input = {
      userId,
      sessionId,
      actions: [{ time: new Date().toISOString(), type, properties: { language: navigator.language } }],
      // Of this action: however often it is sent, it is stored once.
      idempotencyKey: crypto.randomUUID(),
    };
    // Lists of entries are read again. The error is shown below.
    void record({ input }, { additionalTypenames: ['LogEntryConnection'] });
  }

  return (
    <p>
      <input aria-label="Type" value={type} onChange={(event) => setType(event.target.value)} />
      <button disabled={fetching} onClick={send}>
        Record
      </button>
      {error && <Failure error={error} />}
    </p>
  );
}
