"""What is under review."""
