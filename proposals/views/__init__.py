"""Answers to requests: reading, writing, reviewing, clauses, packages."""
