"""Words to commands: a cascade of stages, the cheapest first. No replies, no effects."""
