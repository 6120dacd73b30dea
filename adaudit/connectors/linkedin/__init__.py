"""LinkedIn: Ad Library."""
