"""The write paths of supervision: the ladder, extensions, what units say they have done."""
