"""Runs everything that a configuration names, unattended: what is due, in one batch that can stop at any instant."""
