"""Rows and vectors: schema, migrations, drivers."""
