"""Microsoft Advertising: Ad Library."""
