"""What an audit tells: the report as data, and every form it is shown in."""
