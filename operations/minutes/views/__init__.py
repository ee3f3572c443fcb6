"""Pages of minutes, action items, agreed copies and rhythms."""
