"""Audits: a repository cut into components, what is known of each, what stands."""
