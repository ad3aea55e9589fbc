"""Small programs of the tool chain, run by make."""
