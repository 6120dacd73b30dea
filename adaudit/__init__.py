"""adaudit audits the transparency of political advertising in the EU."""

__version__ = "0.1.0"
