"""What a run did, for machines and for the action's outputs."""
