"""TikTok: Commercial Content Library."""
