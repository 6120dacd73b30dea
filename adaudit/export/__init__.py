"""Findings, records and tables in the formats that other programs and spreadsheets read."""
