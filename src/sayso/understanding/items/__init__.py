"""The words about things: clauses, what is wished of each, which line is meant."""
