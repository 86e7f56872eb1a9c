"""Related-article recommendations from what the texts say, for any paragraph in any language."""
