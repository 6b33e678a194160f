-- Functions that record a session in one statement and select the entries of a range.
-- The names in the comments let PostGraphile answer the same documents as Log Manager.

CREATE OR REPLACE FUNCTION record_session(user_id text, session_id text, actions jsonb) RETURNS int
LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO log_entry (id, time, type, properties, user_id, session_id, received_at)
  SELECT block.first_id + at - 1, (action ->> 'time')::timestamptz, action ->> 'type',
    coalesce(action -> 'properties', '{}'), record_session.user_id, record_session.session_id, now()
  FROM (SELECT nextval('log_entry_id') AS first_id OFFSET 0) AS block,
    jsonb_array_elements(record_session.actions) WITH ORDINALITY AS list (action, at);
  RETURN jsonb_array_length(record_session.actions);
END $$;
COMMENT ON FUNCTION record_session IS E'@resultFieldName recordedCount';

CREATE OR REPLACE FUNCTION logs(start_time timestamptz, end_time timestamptz) RETURNS SETOF log_entry
LANGUAGE sql STABLE AS $$
  SELECT * FROM log_entry WHERE time >= start_time AND time < end_time ORDER BY time, id
$$;
COMMENT ON FUNCTION logs IS E'@behavior -connection +list';
