"""Stand-ins for the services this project talks to."""
