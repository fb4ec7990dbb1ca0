"""Who may ask for what: one declared row for every route (safety 11)."""
