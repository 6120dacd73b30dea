"""A transparency notice by itself, with the elements of Annex II.3 of Implementing Regulation (EU) 2025/1410."""
