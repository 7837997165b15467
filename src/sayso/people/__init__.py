"""Customers, identities, principals and what they may do."""
