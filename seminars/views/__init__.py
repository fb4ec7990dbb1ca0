"""Answers to requests: one module for each prefix."""
