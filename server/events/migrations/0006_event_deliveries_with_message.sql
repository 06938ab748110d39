-- What the last failure said to a person; `last_error` keeps its code.
ALTER TABLE event_deliveries ADD COLUMN last_message {{text:500}};
