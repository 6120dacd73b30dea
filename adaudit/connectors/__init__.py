"""Brings in: recognises the form of a page by its content and parses it into canonical records."""

from adaudit.connectors.identifiers import SPREADSHEET_ID
from adaudit.connectors.parse import parse_alike, parse_alike_tables, parse_in_parts, parse_page
from adaudit.connectors.raw import Parsed, Rejected
from adaudit.connectors.recognise import Companion, Recognised, recognise
from adaudit.connectors.source import Exposure, Form, Source, exposure_of, sources
from adaudit.connectors.tables_together import TablePage

__all__ = [
    "SPREADSHEET_ID",
    "Companion",
    "Exposure",
    "Form",
    "Parsed",
    "Recognised",
    "Rejected",
    "Source",
    "TablePage",
    "exposure_of",
    "parse_alike",
    "parse_alike_tables",
    "parse_in_parts",
    "parse_page",
    "recognise",
    "sources",
]
