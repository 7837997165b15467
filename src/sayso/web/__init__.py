"""Quart: the composition root, routes by audience, pages."""
