"""Snapchat: Political Ads Library."""
