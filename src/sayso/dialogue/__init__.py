"""Commands to the next state: a pure transition table."""
