"""What benchmarks share: people signed in, and programs started beside themselves."""
