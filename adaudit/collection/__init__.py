"""Collects: pulls and imports into the store, observations from the evidence, and an audit's intake from both."""
