"""Remembers: the folder that keeps evidence, pulls, listings and observations."""

from adaudit.store.observations import Observations
from adaudit.store.pulls import Pull, Pulls
from adaudit.store.store import Store, default_folder

__all__ = ["Observations", "Pull", "Pulls", "Store", "default_folder"]
