"""The engine: records and rules in, verdicts, counts and statements out."""
