"""Google: Ads Transparency Center and political ads bundle."""
