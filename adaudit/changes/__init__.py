"""Says what a source changed between two listings of the same scope: new, edited, removed, reappeared."""
