import { StartError } from '../start-error';
import { isConnectionFault, readOnly } from './errors';

const unreachable =
  'PostgreSQL cannot be reached. Check the host and the port, and that PostgreSQL runs and accepts connections from here.';

/** Problem and remedy by SQLSTATE (https://www.postgresql.org/docs/current/errcodes-appendix.html). */
const refusals: Readonly<Record<string, string>> = {
  '28P01': 'PostgreSQL refuses the user or the password. Check both.',
  '28000': 'PostgreSQL refuses the user. Check the user, its LOGIN privilege and pg_hba.conf.',
  '3D000': 'The database does not exist. Check its name, or create it with CREATE DATABASE.',
  '3F000': 'The search_path has no schema to create tables in. Check search_path.',
  '42501':
    'The user lacks a privilege. The server creates its tables: grant CREATE and USAGE on the schema, ' +
    'or let the user own the tables.',
  '53300':
    'PostgreSQL has no free connection. Raise max_connections, or lower DATABASE_POOL_SIZE of all instances.',
  [readOnly]:
    'PostgreSQL accepts no writes: it is a standby, or the primary is read-only. Use the address of the primary.',
};

/** Translates an error of the driver for operators; returns other errors unchanged. */
export function toStartError(error: unknown): unknown {
  if (error instanceof StartError) return error;
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
  const refusal =
    (typeof code === 'string' ? refusals[code] : undefined) ??
    (isConnectionFault(error) ? unreachable : undefined);
  if (refusal === undefined) return error;
  return new StartError(`DATABASE_URL: ${refusal} (${String(message || code)})`, { cause: error });
}
