"""Official papers: a frozen dataclass holds everything that is printed, a template prints it."""
