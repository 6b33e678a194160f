import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Dialog, Form, Heading, Input, Label, Modal, ModalOverlay, TextField } from 'react-aria-components';
import { Button } from '../design/button';
import { ErrorNotice } from '../design/notice';
import { navigate } from '../state/location';
import { sessionsHref } from '../state/session-search';
import { formatCount } from '../time/format';
import type { Erasure } from './erase-buttons';
import { useErase, useEraseCount } from './use-erase';

/** Shows how much would be erased, wants the id typed, erases, shows how much was erased, and leads to the list. */
export function EraseDialog({ erasure, onClose }: { erasure: Erasure; onClose: () => void }) {
  const queries = useQueryClient();
  const count = useEraseCount(erasure);
  const erase = useErase(erasure);
  const leave = (): void => {
    onClose();
    if (erase.data === undefined) return;
    navigate(sessionsHref({}));
    void queries.resetQueries();
  };
  return (
    <ModalOverlay
      className="modal-overlay"
      isOpen
      isKeyboardDismissDisabled={erase.isPending}
      onOpenChange={(isOpen) => {
        if (!isOpen) leave();
      }}
    >
      <Modal className="modal">
        <Dialog role="alertdialog" className="erase">
          <Heading slot="title" level={2}>
            {titleOf(erasure, erase.data !== undefined)}
          </Heading>
          {erase.data === undefined ? (
            <EraseForm erasure={erasure} count={count} erase={erase} onCancel={onClose} />
          ) : (
            <>
              <p role="status">{formatEntries(erase.data)} erased.</p>
              <div className="erase-actions">
                <Button kind="primary" autoFocus onPress={leave}>
                  Show sessions
                </Button>
              </div>
            </>
          )}
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

interface FormProps {
  readonly erasure: Erasure;
  readonly count: ReturnType<typeof useEraseCount>;
  readonly erase: ReturnType<typeof useErase>;
  readonly onCancel: () => void;
}

function EraseForm({ erasure: { userId, sessionId }, count, erase, onCancel }: FormProps) {
  const [typed, setTyped] = useState('');
  const id = sessionId ?? userId;
  const isConfirmed = typed === id && count.isSuccess;
  return (
    <Form
      className="erase-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (isConfirmed && !erase.isPending) erase.mutate();
      }}
    >
      <p className="erase-count" aria-live="polite">
        {count.isSuccess && <strong>{formatEntries(count.data)}</strong>}
        {count.isSuccess && (sessionId === undefined ? ' in all sessions of the user ' : ' of the session ')}
        {count.isSuccess && <code>{id}</code>}
        {count.isPending && 'Counting the entries…'}
      </p>
      {count.error && <ErrorNotice error={count.error} onRetry={() => void count.refetch()} />}
      <p>
        The server erases these entries from its database. <strong>This cannot be undone.</strong> Backups and
        exports that were made before keep them.
      </p>
      <TextField className="field" value={typed} onChange={setTyped} isReadOnly={erase.isPending} autoFocus>
        <Label>
          Type the {sessionId === undefined ? 'user id' : 'session id'} <code>{id}</code> to confirm
        </Label>
        <Input className="input mono" autoComplete="off" spellCheck={false} />
      </TextField>
      {erase.error && (
        <>
          <ErrorNotice error={erase.error} />
          <p>Parts may be erased already. It is safe to erase again.</p>
        </>
      )}
      {erase.isPending && (
        <div className="erase-progress" role="progressbar" aria-label="Erasing">
          <div />
        </div>
      )}
      <div className="erase-actions">
        <Button onPress={onCancel} isDisabled={erase.isPending}>
          Cancel
        </Button>
        <Button kind="danger" type="submit" isDisabled={!isConfirmed} isPending={erase.isPending}>
          {erase.isPending ? 'Erasing…' : sessionId === undefined ? 'Erase all data' : 'Erase session'}
        </Button>
      </div>
    </Form>
  );
}

function titleOf({ sessionId }: Erasure, isErased: boolean): string {
  if (sessionId === undefined) return isErased ? 'Data of this user erased' : 'Erase all data of this user?';
  return isErased ? 'Session erased' : 'Erase this session?';
}

function formatEntries(count: number): string {
  return count === 1 ? '1 entry' : `${formatCount(count)} entries`;
}
