-- What an authority publishes for itself stands among the calendar's publications, because cases follow both by one
-- number: `region_code` is the authority's, empty for a year of the whole country; then `year` is 0 and `year_table` its
-- settings.
ALTER TABLE calendar_years ADD COLUMN region_code {{text:16}} NOT NULL DEFAULT '';
