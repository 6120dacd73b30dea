"""X: Ads Repository."""
