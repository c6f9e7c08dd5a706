"""Source files → rows → canonical rows → accepted and rejected → workspace."""
