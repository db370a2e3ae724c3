"""What is made of the model's answer."""
