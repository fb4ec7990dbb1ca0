"""Reads official plans by plain rules: no network, no model, no database.

`propose_campaign(text)` in `assembly.py` is the way in; `docs/plan-reader.md` explains the rules.
"""
