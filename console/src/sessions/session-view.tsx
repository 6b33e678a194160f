export function SessionView(_: { userId: string; sessionId: string; search: unknown }) {
  return <h1>Session</h1>;
}
