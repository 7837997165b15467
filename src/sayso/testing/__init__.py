"""A pytest plugin for authors: a whole host to talk to, golden conversations, a scripted model, a clock."""
