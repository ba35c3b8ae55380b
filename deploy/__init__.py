"""Setting the product up, starting it and checking it. Standard library only."""
