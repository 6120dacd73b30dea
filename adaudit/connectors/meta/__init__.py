"""Meta: ads_archive and Ad Library Report."""
