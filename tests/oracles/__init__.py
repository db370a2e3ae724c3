"""Independent judges of what the project sends, answers and writes."""
