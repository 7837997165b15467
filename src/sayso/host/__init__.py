"""The host: one event becomes one turn; effects, jobs and outgoing messages have their own small tables."""
