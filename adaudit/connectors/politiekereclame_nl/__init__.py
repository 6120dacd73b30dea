"""The Dutch register politiekereclame.nl."""
