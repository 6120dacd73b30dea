"""A checklist for each notice: what is still missing, what is wrong, and what is in order, most important first.

For whoever writes the notice, before it is published. Made from the files of an audit, so that the terminal,
the report and a later look all say the same.
"""

from adaudit.audit.checklist.lists import MOST, Checklist, Checklists, Item, Untold, checklists
from adaudit.audit.checklist.words import FOUND, SAY, Said, heading, in_order, said, tally, untold

__all__ = [
    "FOUND",
    "MOST",
    "SAY",
    "Checklist",
    "Checklists",
    "Item",
    "Said",
    "Untold",
    "checklists",
    "heading",
    "in_order",
    "said",
    "tally",
    "untold",
]
