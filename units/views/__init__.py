"""Pages of the organisation: reading it, changing it, the register of people."""
