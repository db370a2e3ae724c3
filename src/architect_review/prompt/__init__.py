"""What the model is shown and asked."""
