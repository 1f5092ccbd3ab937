"""Indexes of several hosts, joined through a PostgreSQL database."""
