"""Pages of the campaign: its plan, and steering it."""
