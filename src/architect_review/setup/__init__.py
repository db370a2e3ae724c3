"""What a repository needs so that it is reviewed, and what of it is missing."""
