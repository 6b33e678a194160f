import { useState } from 'react';
import {
  Dialog,
  Heading,
  Label,
  Modal,
  ModalOverlay,
  ProgressBar,
  Radio,
  RadioGroup,
} from 'react-aria-components';
import { accessKey } from '../api/key';
import { Button } from '../design/button';
import { CopyButton } from '../design/copy-button';
import { ErrorNotice, Notice } from '../design/notice';
import { quote } from '../details/copies';
import type { LogFilter } from '../gql/graphql';
import { formatTotal, useEntryTotal, type EntryTotal } from '../table/entry-total';
import { formatCount } from '../time/format';
import { formatBytes } from './format-bytes';
import type { ExportFormat } from './row-counter';
import { exportUrl, type ExportProgress } from './run-export';
import { useExport } from './use-export';
import './export-dialog.css';

/** Entries counted at most: an exact count makes the progress a share of the whole. */
const countUpTo = 1_000_000;

/** Writes the entries of a filter to a file: asks for the format, shows the progress, and says how it ended. */
export function ExportDialog({ filter, onClose }: { filter: LogFilter; onClose: () => void }) {
  const [format, setFormat] = useState<ExportFormat>('ndjson');
  const total = useEntryTotal(filter, countUpTo);
  const { state, start, cancel } = useExport(filter);
  const isRunning = state.step === 'running';
  return (
    <ModalOverlay
      className="modal-overlay"
      isOpen
      isDismissable={!isRunning}
      isKeyboardDismissDisabled={isRunning}
      onOpenChange={onClose}
    >
      <Modal className="modal">
        <Dialog className="export">
          <Heading slot="title" level={2}>
            Export entries
          </Heading>
          <p>
            {total ? formatTotal(total) : 'All entries'} that match the filter, newest first. Entries recorded
            from now on are not exported.
          </p>
          <RadioGroup
            className="export-formats"
            value={format}
            onChange={(value) => setFormat(value as ExportFormat)}
            isDisabled={isRunning}
          >
            <Label className="visually-hidden">Format</Label>
            <Radio className="export-format" value="ndjson">
              <b>NDJSON</b> <span className="muted">One JSON object a line, for programs</span>
            </Radio>
            <Radio className="export-format" value="csv">
              <b>CSV</b>{' '}
              <span className="muted">For spreadsheets; cells that look like formulas get a leading '</span>
            </Radio>
          </RadioGroup>
          {isRunning && <Progress {...state} total={total} />}
          {state.step === 'complete' && (
            <Notice>
              <p>
                Complete: {amountOf(state)} in {state.name}.
              </p>
            </Notice>
          )}
          {state.step === 'cancelled' && (
            <Notice>
              <p>Cancelled. No file was saved.</p>
            </Notice>
          )}
          {state.step === 'failed' && (
            <>
              <ErrorNotice error={state.error} />
              <p>The export is not complete: {amountOf(state)} had arrived. No file was saved.</p>
            </>
          )}
          <div className="export-buttons">
            {!isRunning && <CopyButton label="Copy as curl" text={() => toCurl(filter, format)} />}
            <span className="export-space" />
            <Button
              kind={state.step === 'complete' ? 'primary' : 'plain'}
              onPress={isRunning ? cancel : onClose}
            >
              {isRunning ? 'Cancel export' : state.step === 'complete' ? 'Close' : 'Cancel'}
            </Button>
            <Button
              kind={state.step === 'complete' ? 'plain' : 'primary'}
              isPending={isRunning}
              onPress={() => void start(format)}
            >
              {state.step === 'failed' ? 'Try again' : 'Export'}
            </Button>
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

function Progress({ rows, bytes, total }: ExportProgress & { total: EntryTotal | undefined }) {
  const whole = total?.exact ? total.value : undefined;
  return (
    <ProgressBar
      className="export-progress"
      aria-label="Export"
      isIndeterminate={!whole}
      value={rows}
      maxValue={whole ?? 1}
      valueLabel={amountOf({ rows, bytes })}
    >
      <progress {...(whole && { value: rows, max: whole })} aria-hidden="true" />
      <p>
        {formatCount(rows)}
        {whole ? ` of ${formatCount(whole)}` : ''} entries, {formatBytes(bytes)}
      </p>
    </ProgressBar>
  );
}

function amountOf({ rows, bytes }: ExportProgress): string {
  return `${formatTotal({ value: rows, exact: true })}, ${formatBytes(bytes)}`;
}

function toCurl(filter: LogFilter, format: ExportFormat): string {
  const url = quote(new URL(exportUrl(filter, format), location.href).href);
  const key = accessKey() === null ? '' : ' -H "authorization: Bearer $LOG_MANAGER_KEY"';
  return `curl --compressed --fail -OJ${key} ${url}`;
}
