"""What will be said, and the only ways in which it can be written."""
