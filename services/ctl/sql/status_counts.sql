-- Waiting events, timers due and timers for later, of the service whose views are in the search path.
SELECT (SELECT count(*) FROM waiting),
       (SELECT count(*) FROM timer WHERE fired_at IS NULL AND due_at <= now()),
       (SELECT count(*) FROM timer WHERE fired_at IS NULL AND due_at > now())
