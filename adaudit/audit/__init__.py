"""The engine: records and rules in, verdicts, counts and statements out.

The package can be called as well: `adaudit.audit("file.zip")` is `adaudit.audit.results.audit`. So the
name that users write and the place where the engine lies are one, and importing it stays light.
"""

import sys
from types import ModuleType

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from adaudit.audit.results import Results


class _Audit(ModuleType):
    def __call__(self, *paths: "Any", **asked: "Any") -> "Results":  # noqa: ANN401 - the types are those of `audit`
        """Audit files and folders; see `adaudit.audit.results.audit`."""
        from adaudit.audit.results import audit

        return audit(*paths, **asked)


sys.modules[__name__].__class__ = _Audit
