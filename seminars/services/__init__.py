"""The write path of the discussion: one module for each thing that is written."""
