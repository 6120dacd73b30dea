"""Raw bytes as given: read, hashed, and kept free of access tokens before anything parses them."""

from adaudit.evidence.inputs import Given, Input, expand, holds_audit, read_input
from adaudit.evidence.pages import Page, UnreadableMembers, pages
from adaudit.evidence.redaction import redact

__all__ = ["Given", "Input", "Page", "UnreadableMembers", "expand", "holds_audit", "pages", "read_input", "redact"]
