"""sayso: a host for merchants' skills in every conversation."""
