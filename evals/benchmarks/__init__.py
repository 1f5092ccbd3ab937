"""Benchmarks: what the assistant is measured on besides its own suites."""
