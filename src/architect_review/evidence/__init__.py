"""What stands outside the diff: gathered by code, or looked up by the model."""
