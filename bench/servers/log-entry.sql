-- The columns and indexes of Log Manager's own first migration, for every peer.
CREATE TABLE "log_entry" (
  "id" integer PRIMARY KEY AUTOINCREMENT NOT NULL,
  "time" integer NOT NULL,
  "type" text NOT NULL,
  "properties" text NOT NULL,
  "user_id" text NOT NULL,
  "session_id" text NOT NULL,
  "received_at" integer NOT NULL
);
CREATE INDEX "log_entry_user_time" ON "log_entry" ("user_id", "time");
CREATE INDEX "log_entry_type_time" ON "log_entry" ("type", "time");
CREATE INDEX "log_entry_time" ON "log_entry" ("time");
