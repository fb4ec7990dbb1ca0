"""Answering requests about what is owed."""
