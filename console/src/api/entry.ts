/** An entry with the fields that every list of entries asks for. */
export interface Entry {
  readonly id: string;
  readonly time: string;
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly userId: string;
  readonly sessionId: string;
  readonly receivedAt: string;
}
