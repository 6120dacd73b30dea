"""adaudit audits the transparency of political advertising in the EU.

    import adaudit

    audit = adaudit.audit("statements.json")
    audit.summary, audit.findings, audit.records, audit.verdicts

`adaudit.audit` is documented in `adaudit.audit.results`; errors are those of `adaudit.errors`.
"""

__all__ = ["Results", "__version__", "audit"]
__version__ = "0.1.0"

TYPE_CHECKING = False
if TYPE_CHECKING:
    from adaudit.audit.results import Results, audit
else:

    def __getattr__(name: str) -> object:
        """Import what is asked for when it is: `import adaudit` alone stays light."""
        from importlib import import_module

        if name == "audit":
            return import_module("adaudit.audit")
        if name == "Results":
            return import_module("adaudit.audit.results").Results
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
