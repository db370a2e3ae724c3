"""How good reviews are: cases with known defects, and figures over them."""
