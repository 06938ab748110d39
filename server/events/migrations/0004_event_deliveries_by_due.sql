CREATE INDEX event_deliveries_by_due ON event_deliveries (parked, due_at_ms);
