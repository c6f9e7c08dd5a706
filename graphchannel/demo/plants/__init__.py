"""What is planted: violations of every rule and their near misses, one module per rule family."""
