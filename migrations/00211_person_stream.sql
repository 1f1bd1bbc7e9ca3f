-- +goose Up
-- What somebody did or what concerns him in one stream, in the order of its time, from the index alone.
ALTER TABLE entry_index
  DROP KEY actor_time,
  DROP KEY person_time,
  ADD KEY actor_time (actor, stream, occurred_at, seq),
  ADD KEY person_time (person, stream, occurred_at, seq);

-- +goose Down
ALTER TABLE entry_index
  DROP KEY actor_time,
  DROP KEY person_time,
  ADD KEY actor_time (actor, occurred_at, seq),
  ADD KEY person_time (person, occurred_at, seq);
